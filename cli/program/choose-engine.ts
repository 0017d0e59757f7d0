import path from 'node:path';
import { ensureDebianPackages } from '../../embedded/debian-packages.ts';
import { findDockerEngine } from '../../embedded/find-docker.ts';
import { startSandboxEngine } from '../../embedded/sandbox-engine.ts';
import { startSandboxRegistry } from '../../embedded/sandbox-registry.ts';
import type { Configuration } from '../configuration.ts';
import type { Stopping } from './stopping.ts';

/** The private engine and its registry. */
export interface SandboxHandle {
  dockerHost: string;
  /** `127.0.0.1:PORT` */
  registryHost: string;
}

export interface ChosenEngine {
  dockerHost: string;
  sandbox: SandboxHandle | null;
}

/** What Debian has for the sandbox. */
const SANDBOX_PACKAGES = ['docker.io', 'docker-registry', 'busybox-static', 'iptables', 'iproute2'];

async function startSandbox(dataDirectory: string, notice: (line: string) => void, stopping: Stopping): Promise<ChosenEngine> {
  await ensureDebianPackages({ packages: SANDBOX_PACKAGES, notice });
  const directory = path.join(dataDirectory, 'sandbox');
  const registry = await startSandboxRegistry({ directory: path.join(dataDirectory, 'registry'), log: notice });
  stopping.add('The sandbox registry', () => registry.stop());
  const engine = await startSandboxEngine({ directory, notice });
  stopping.add('The sandbox engine', () => engine.stop());
  return { dockerHost: engine.dockerHost, sandbox: { dockerHost: engine.dockerHost, registryHost: registry.host } };
}

/**
 * The engine to manage: the one that is configured or found on this machine, else, where that is allowed, the private
 * sandbox. One that is configured and away is never replaced by another.
 * @throws Error that says what was tried and what to do
 */
export async function chooseEngine(
  configuration: Configuration,
  dataDirectory: string,
  policy: 'configured' | 'sandbox-if-none' | 'sandbox',
  notice: (line: string) => void,
  stopping: Stopping,
): Promise<ChosenEngine> {
  if (policy === 'sandbox') return startSandbox(dataDirectory, notice, stopping);
  const env = configuration.dockerHost === null ? process.env : { ...process.env, DOCKER_HOST: configuration.dockerHost };
  const found = await findDockerEngine({ env });
  if (found.kind === 'found') return { dockerHost: found.dockerHost, sandbox: null };
  return startSandbox(dataDirectory, notice, stopping);
}
