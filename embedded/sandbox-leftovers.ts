import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cgroupProcesses, killCgroup, removeCgroup, thawCgroup } from './cgroups.ts';
import { errorCode } from './error-code.ts';
import { currentMounts, unmountAll } from './mounts.ts';
import { endLeftover, signalProcess } from './run-record.ts';
import type { SandboxLayout } from './sandbox-layout.ts';
import { removeSandboxBridges } from './sandbox-network.ts';

/** How long containers have to end by themselves once the engine was asked to; then they are killed. */
const CONTAINER_GRACE_MS = 3_000;

/** Where shims put their sockets, whatever containerd is told (containerd's `defaults.DefaultStateDir`). */
const SHIM_SOCKETS = '/run/containerd/s';

/** Ends the daemons that a killed program left running, so that containers get their stop signal first. */
export async function endLeftoverDaemons(layout: SandboxLayout): Promise<void> {
  const record = (name: string) => path.join(layout.directory, 'run', `${name}.json`);
  await hurried(layout, endLeftover(record('dockerd'), { timeoutMs: 20_000 }));
  await endLeftover(record('containerd'));
}

/** Waits for the engine's end, and kills the containers that don't heed their stop signal within the grace. */
export async function hurried(layout: SandboxLayout, end: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  const late = delay(CONTAINER_GRACE_MS, undefined, { signal: patience.signal }).then(
    () => killCgroup(layout.cgroup),
    () => undefined,
  );
  await end.finally(() => patience.abort());
  await late;
}

/**
 * Removes all that a sandbox has outside its own directory: processes, mounts, links, control groups, sockets. Only
 * things under this sandbox's own names are touched. The daemons have ended, or are ended here.
 */
export async function removeSandboxTraces(layout: SandboxLayout, bridges: string[] = []): Promise<void> {
  await killProcesses(layout);
  const shimSockets = listShimSockets(layout);
  await unmountAll(sandboxMounts(layout));
  await removeSandboxBridges(layout, bridges);
  await removeCgroup(layout.cgroup);
  for (const socket of shimSockets) rmSync(socket, { force: true });
  rmSync(layout.runDirectory, { recursive: true, force: true });
  await removeShimFolders();
}

async function killProcesses(layout: SandboxLayout): Promise<void> {
  const remaining = () => [...new Set([...cgroupProcesses(layout.cgroup), ...daemonsOf(layout)])];
  const deadline = Date.now() + 10_000;
  for (let pids = remaining(); pids.length > 0; pids = remaining()) {
    thawCgroup(layout.cgroup);
    if (Date.now() > deadline)
      throw new Error(`sandbox engine: processes ${pids.join(', ')} can't be ended; end them by hand`);
    for (const pid of pids) signalProcess(pid, 'SIGKILL');
    await delay(20);
  }
}

/** The daemons and shims whose command line names this sandbox's sockets or configuration. */
function daemonsOf(layout: SandboxLayout): number[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => {
    const [program = '', ...args] = commandLine(pid);
    if (!/^(dockerd|containerd|containerd-shim.*)$/.test(path.basename(program))) return false;
    return args.some((arg) => arg.startsWith(`${layout.runDirectory}/`));
  });
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    // It ended meanwhile.
    return [];
  }
}

/** Deepest and newest first. */
function sandboxMounts(layout: SandboxLayout): string[] {
  const roots = [layout.dockerRoot, layout.containerdRoot, layout.runDirectory];
  const ours = currentMounts().filter(({ mountPoint, root }) =>
    // The engine binds its root onto itself; a whole file system there would be a disk of the user's.
    roots.some((folder) => mountPoint.startsWith(`${folder}/`) || (mountPoint === folder && root !== '/')),
  );
  return ours
    .map(({ mountPoint }) => mountPoint)
    .reverse()
    .sort((a, b) => depth(b) - depth(a));
}

function depth(folder: string): number {
  return folder.split('/').length;
}

/** Each task's folder says where its shim listens. */
function listShimSockets(layout: SandboxLayout): string[] {
  const tasks = path.join(layout.containerdState, 'io.containerd.runtime.v2.task', 'moby');
  if (!existsSync(tasks)) return [];
  const files = readdirSync(tasks)
    .map((task) => path.join(tasks, task, 'address'))
    .filter((file) => existsSync(file));
  const sockets = files.map((file) =>
    readFileSync(file, 'utf8')
      .trim()
      .replace(/^unix:\/\//, ''),
  );
  return sockets.filter((socket) => path.dirname(socket) === SHIM_SOCKETS);
}

/** Where no containerd of the system is at home, our shims' sockets were the only reason for these. */
async function removeShimFolders(): Promise<void> {
  for (const folder of [SHIM_SOCKETS, path.dirname(SHIM_SOCKETS)]) {
    try {
      await rmdir(folder);
    } catch (error) {
      // Somebody else's sockets are in it, or it isn't there: both are as they should be.
      if (!['ENOTEMPTY', 'ENOENT', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
    }
  }
}
