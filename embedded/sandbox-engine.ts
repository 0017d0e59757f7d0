import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { requestEngine } from './engine-request.ts';
import { errorText } from './error-code.ts';
import {
  containerdConfiguration,
  daemonEnvironment,
  dockerdArguments,
  dockerdConfiguration,
} from './sandbox-configuration.ts';
import { type SandboxLayout, sandboxLayout } from './sandbox-layout.ts';
import { endLeftoverDaemons, hurried, removeSandboxTraces } from './sandbox-leftovers.ts';
import { createSandboxBridge } from './sandbox-network.ts';
import { ensureSandboxPrograms, type SandboxPrograms } from './sandbox-programs.ts';
import { type SupervisedProcess, superviseProcess } from './supervised-process.ts';

export interface SandboxEngine {
  /** `unix:///…`; the same for as long as the directory is. */
  readonly dockerHost: string;
  readonly socketPath: string;
  readonly directory: string;
  readonly dockerd: SupervisedProcess;
  readonly containerd: SupervisedProcess;
  /** Kills dockerd with SIGKILL; the supervision brings it back on the same socket. */
  kill(): void;
  /** Ends dockerd in good order, waits for its successor. Containers come back as their restart policy says. */
  restart(): Promise<void>;
  /** Ends everything and leaves nothing but the files in the directory. */
  stop(): Promise<void>;
}

/**
 * Starts a private Docker engine: its own dockerd and containerd, with their own data, sockets, bridge and control
 * group. No firewall rule, sysctl or service of the machine is touched, nor any other engine. What an earlier, killed
 * run in this directory left behind is cleaned up first. The caller makes sure that one program at a time does this.
 * @throws Error naming what is missing when this isn't Linux or not root, or with the end of the daemon's log.
 */
export async function startSandboxEngine({
  directory,
  notice,
}: {
  directory: string;
  notice: (line: string) => void;
}): Promise<SandboxEngine> {
  const programs = await ensureSandboxPrograms(notice);
  const layout = sandboxLayout(directory);
  mkdirSync(layout.directory, { recursive: true, mode: 0o700 });
  await endLeftoverDaemons(layout);
  await removeSandboxTraces(layout);
  try {
    return await bringUp(layout, programs, notice);
  } catch (error) {
    await endLeftoverDaemons(layout);
    await removeSandboxTraces(layout);
    throw error;
  }
}

/** Deletes a stopped sandbox with all its data, and what a killed run may have left of it on the machine. */
export async function destroySandboxEngine(directory: string): Promise<void> {
  const layout = sandboxLayout(directory);
  await endLeftoverDaemons(layout);
  await removeSandboxTraces(layout);
  rmSync(layout.directory, { recursive: true, force: true });
}

async function bringUp(
  layout: SandboxLayout,
  programs: SandboxPrograms,
  log: (line: string) => void,
): Promise<SandboxEngine> {
  mkdirSync(layout.runDirectory, { recursive: true, mode: 0o700 });
  const network = await createSandboxBridge(layout);
  const configuration = path.join(layout.runDirectory, 'containerd.toml');
  writeFileSync(configuration, containerdConfiguration(layout));
  const daemonFile = path.join(layout.runDirectory, 'daemon.json');
  writeFileSync(daemonFile, await dockerdConfiguration(layout, programs.dockerd));

  const containerd = await superviseProcess({
    name: 'containerd',
    command: programs.containerd,
    args: ['-c', configuration],
    directory: layout.directory,
    env: daemonEnvironment(),
    ready: () => accepts(layout.containerdSocket),
    log,
  });
  const dockerHost = `unix://${layout.dockerSocket}`;
  const dockerd = await superviseProcess({
    name: 'dockerd',
    command: programs.dockerd,
    args: ['--config-file', daemonFile, ...dockerdArguments(layout, network)],
    directory: layout.directory,
    env: daemonEnvironment(),
    // The pid in the file may by now be somebody else's, which would keep dockerd from starting.
    beforeStart: async () => rmSync(layout.pidFile, { force: true }),
    ready: () => pings(dockerHost),
    // After a death dockerd first ends the containers that it finds running, each within its own stop time.
    readyTimeoutMs: 180_000,
    stopTimeoutMs: 20_000,
    log,
  }).catch(async (error: unknown) => {
    await containerd.stop();
    throw error;
  });

  let stopped: Promise<void> | null = null;
  const stop = async () => {
    const bridges = await listBridges(dockerHost, log);
    await hurried(layout, dockerd.stop());
    await containerd.stop();
    await removeSandboxTraces(layout, bridges);
  };
  return {
    dockerHost,
    socketPath: layout.dockerSocket,
    directory: layout.directory,
    dockerd,
    containerd,
    kill: () => dockerd.kill('SIGKILL'),
    restart: () => hurried(layout, dockerd.restart('SIGTERM')),
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

async function pings(dockerHost: string): Promise<boolean> {
  return requestEngine({ dockerHost, certPath: null }, '/_ping', 2_000).then(
    () => true,
    () => false,
  );
}

function accepts(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => socket.end(() => resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

/** Links of the networks that the engine has now; a network may have been given a link name of the user's choice. */
async function listBridges(dockerHost: string, log: (line: string) => void): Promise<string[]> {
  try {
    const answer: unknown = JSON.parse(await requestEngine({ dockerHost, certPath: null }, '/networks', 2_000));
    return Array.isArray(answer) ? answer.map(bridgeName).filter((name) => name !== null) : [];
  } catch (error) {
    log(`sandbox engine: networks can't be listed before the stop (${errorText(error)}); its own records are used`);
    return [];
  }
}

function bridgeName(network: {
  Id?: unknown;
  Name?: unknown;
  Driver?: unknown;
  Options?: Record<string, unknown> | null;
}): string | null {
  // The default network lives on the bridge that we made ourselves.
  if (network.Driver !== 'bridge' || network.Name === 'bridge') return null;
  const chosen = network.Options?.['com.docker.network.bridge.name'];
  return typeof chosen === 'string' ? chosen : `br-${String(network.Id).slice(0, 12)}`;
}
