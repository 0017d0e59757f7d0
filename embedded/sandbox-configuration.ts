import path from 'node:path';
import { runCommand } from './run-command.ts';
import type { SandboxLayout } from './sandbox-layout.ts';
import type { SandboxNetwork } from './sandbox-network.ts';

/** Parts that would reach outside the sandbox (CRI and NRI listen in fixed places) or that a sandbox never needs. */
const CONTAINERD_WITHOUT = [
  'io.containerd.grpc.v1.cri',
  'io.containerd.cri.v1.images',
  'io.containerd.cri.v1.runtime',
  'io.containerd.nri.v1.nri',
  'io.containerd.snapshotter.v1.aufs',
  'io.containerd.snapshotter.v1.btrfs',
  'io.containerd.snapshotter.v1.devmapper',
  'io.containerd.snapshotter.v1.zfs',
];

/** containerd's configuration file (TOML; JSON's strings and lists are TOML's too). */
export function containerdConfiguration(layout: SandboxLayout): string {
  return [
    'version = 2',
    `root = ${JSON.stringify(layout.containerdRoot)}`,
    `state = ${JSON.stringify(layout.containerdState)}`,
    `disabled_plugins = ${JSON.stringify(CONTAINERD_WITHOUT)}`,
    '[grpc]',
    `address = ${JSON.stringify(layout.containerdSocket)}`,
    '[debug]',
    'level = "warn"',
    '[plugins."io.containerd.internal.v1.opt"]',
    `path = ${JSON.stringify(path.join(layout.containerdRoot, 'opt'))}`,
    '',
  ].join('\n');
}

/** dockerd's command line: everything of its own, and no hand on the machine's firewall, sysctls or services. */
export function dockerdArguments(layout: SandboxLayout, network: SandboxNetwork): string[] {
  return [
    ...['--containerd', layout.containerdSocket],
    ...['--data-root', layout.dockerRoot],
    ...['--exec-root', layout.dockerState],
    ...['--host', `unix://${layout.dockerSocket}`],
    ...['--pidfile', layout.pidFile],
    ...['--bridge', layout.bridge],
    ...['--default-address-pool', `base=${network.pool},size=24`],
    '--iptables=false',
    '--ip6tables=false',
    '--ip-forward=false',
    '--ip-masq=false',
    ...['--insecure-registry', '127.0.0.0/8'],
    ...['--cgroup-parent', layout.cgroup],
    // Where systemd runs dockerd would ask it for units; a group of our own is ours to remove.
    ...['--exec-opt', 'native.cgroupdriver=cgroupfs'],
    ...['--log-level', 'warn'],
  ];
}

/**
 * dockerd's configuration file: without one of its own it would read the machine's /etc/docker/daemon.json. Old engines
 * write a key to /etc/docker unless this file (no option can) says where; new ones refuse a file that does.
 */
export async function dockerdConfiguration(layout: SandboxLayout, dockerd: string): Promise<string> {
  const major = Number(/version (\d+)/.exec(await runCommand(dockerd, ['--version']))?.[1] ?? '0');
  const key = { 'deprecated-key-path': path.join(layout.directory, 'key.json') };
  return JSON.stringify(major > 0 && major <= 20 ? key : {});
}

/** Daemons find their programs (runc, docker-proxy) on PATH. Variables for a client or a service would mislead them. */
export function daemonEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(DOCKER_|CONTAINERD_|LISTEN_|NOTIFY_SOCKET$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const folders = [process.env.PATH, '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
  return { ...Object.fromEntries(kept), PATH: folders.filter(Boolean).join(':') };
}
