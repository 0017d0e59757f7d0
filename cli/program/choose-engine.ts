import { existsSync } from 'node:fs';
import path from 'node:path';
import { TypedFailure } from '../../contracts/failure-types.ts';
import { type DockerSearch, findDockerEngine } from '../../embedded/find-docker.ts';
import { startSandboxEngine } from '../../embedded/sandbox-engine.ts';
import { startSandboxRegistry } from '../../embedded/sandbox-registry.ts';
import { releaseLeftHold } from '../../embedded/service-hold.ts';
import type { Configuration } from '../configuration.ts';
import type { Stopping } from './stopping.ts';

/** The private engine and its registry. */
export interface SandboxHandle {
  dockerHost: string;
  /** `127.0.0.1:PORT` */
  registryHost: string;
}

/**
 * What to do where no Docker engine is reachable. `configured`: wait for one that was named, refuse to start where none
 * was. `reachable`: refuse to start in both cases. `sandbox-if-none`: set up the private sandbox where none was named.
 * `sandbox`: always that.
 */
export type EnginePolicy = 'configured' | 'reachable' | 'sandbox-if-none' | 'sandbox';

export interface ChosenEngine {
  dockerHost: string;
  /** Folder with the certificates for TLS, or null for an engine without. */
  certPath: string | null;
  sandbox: SandboxHandle | null;
}

async function startSandbox(
  dataDirectory: string,
  notice: (line: string) => void,
  stopping: Stopping,
): Promise<ChosenEngine> {
  const registry = await startSandboxRegistry({ directory: path.join(dataDirectory, 'registry'), log: notice });
  stopping.add('The sandbox registry', () => registry.stop());
  const engine = await startSandboxEngine({ directory: sandboxDirectory(dataDirectory), notice });
  stopping.add('The sandbox engine', () => engine.stop());
  const { dockerHost } = engine;
  return { dockerHost, certPath: null, sandbox: { dockerHost, registryHost: registry.host } };
}

function sandboxDirectory(dataDirectory: string): string {
  return path.join(dataDirectory, 'sandbox');
}

function triedLines(found: DockerSearch): string {
  return found.tried.map(({ dockerHost, reason }) => `${dockerHost}: ${reason}`).join('; ');
}

/**
 * The engine to manage: the one that is configured or found on this machine, else the sandbox, where that is allowed or
 * there is one in the data directory already. A configured engine that is away is never replaced by another.
 * @throws TypedFailure `EngineUnavailable` that says what was tried and what to do
 */
export async function chooseEngine(
  configuration: Configuration,
  dataDirectory: string,
  policy: EnginePolicy,
  notice: (line: string) => void,
  stopping: Stopping,
): Promise<ChosenEngine> {
  if (releaseLeftHold())
    notice('Removed /usr/sbin/policy-rc.d, which an installation of ours that was killed had left there.');
  if (policy === 'sandbox') return startSandbox(dataDirectory, notice, stopping);
  const env =
    configuration.dockerHost === null ? process.env : { ...process.env, DOCKER_HOST: configuration.dockerHost };
  const found = await findDockerEngine({ env });
  switch (found.kind) {
    case 'found':
      return { dockerHost: found.dockerHost, certPath: found.certPath, sandbox: null };
    case 'unsupported':
      // A command that needs no engine runs all the same.
      if (policy !== 'configured')
        throw new TypedFailure(
          'EngineUnavailable',
          `The Docker engine at ${found.dockerHost} (${found.source}) can't be used: ${found.reason}.`,
        );
      return { dockerHost: found.dockerHost, certPath: null, sandbox: null };
    case 'unreachable':
      if (policy === 'reachable')
        throw new TypedFailure(
          'EngineUnavailable',
          `The Docker engine at ${found.dockerHost} (${found.source}) is not reachable: ${found.reason}. Start it, or correct what ${found.source} says.`,
        );
      // Not an error of the program: updates of an engine that is away wait for it.
      notice(
        `The Docker engine at ${found.dockerHost} (${found.source}) is not reachable: ${found.reason}. It is waited for.`,
      );
      return { dockerHost: found.dockerHost, certPath: found.certPath, sandbox: null };
    case 'none':
      if (policy === 'sandbox-if-none' || existsSync(sandboxDirectory(dataDirectory)))
        return startSandbox(dataDirectory, notice, stopping);
      throw new TypedFailure(
        'EngineUnavailable',
        `No Docker engine was found (${triedLines(found)}). Start Docker, name it with DOCKER_HOST, or run \`npm start\` for a private sandbox.`,
      );
  }
}
