import { createHash } from 'node:crypto';
import path from 'node:path';

/** Where a sandbox engine keeps what, and the names that it gives to things outside its directory. */
export interface SandboxLayout {
  directory: string;
  /** Images, volumes, containers; kept between runs. */
  dockerRoot: string;
  containerdRoot: string;
  /** Sockets and mounts of one run. Short, for a socket's path may have 107 bytes only, and gone after a reboot. */
  runDirectory: string;
  dockerState: string;
  containerdState: string;
  dockerSocket: string;
  containerdSocket: string;
  pidFile: string;
  bridge: string;
  /** Absolute name of a control group, the parent of all containers'. */
  cgroup: string;
  networkFile: string;
  /** Docker's own record of networks (a bolt database). */
  networkDatabase: string;
}

/** Everything follows from the directory alone, so that a later program finds what a killed one left. */
export function sandboxLayout(sandboxDirectory: string): SandboxLayout {
  const directory = path.resolve(sandboxDirectory);
  const id = createHash('sha256').update(directory).digest('hex').slice(0, 8);
  const runDirectory = `/run/docker-auto-${id}`;
  const dockerRoot = path.join(directory, 'docker');
  return {
    directory,
    dockerRoot,
    containerdRoot: path.join(directory, 'containerd'),
    runDirectory,
    dockerState: path.join(runDirectory, 'docker'),
    containerdState: path.join(runDirectory, 'containerd'),
    dockerSocket: path.join(runDirectory, 'docker.sock'),
    containerdSocket: path.join(runDirectory, 'containerd.sock'),
    pidFile: path.join(runDirectory, 'docker.pid'),
    bridge: `da-${id}`,
    cgroup: `/docker-auto-${id}`,
    networkFile: path.join(directory, 'network.json'),
    networkDatabase: path.join(dockerRoot, 'network', 'files', 'local-kv.db'),
  };
}
