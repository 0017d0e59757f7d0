import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import Docker from 'dockerode';
import { busyboxFiles } from '../../embedded/busybox-files.ts';
import { killCgroup } from '../../embedded/cgroups.ts';
import { type SandboxEngine, startSandboxEngine } from '../../embedded/sandbox-engine.ts';
import { buildSandboxImage, pushSandboxImage } from '../../embedded/sandbox-image.ts';
import { sandboxLayout } from '../../embedded/sandbox-layout.ts';
import { type SandboxRegistry, startSandboxRegistry } from '../../embedded/sandbox-registry.ts';
import { onInterrupt } from './on-interrupt.ts';

export interface Sandbox {
  directory: string;
  docker: Docker;
  dockerHost: string;
  /** Another one after the power came back. */
  readonly engine: SandboxEngine;
  registry: SandboxRegistry;
  /** `127.0.0.1:PORT` of the registry. */
  registryHost: string;
  /** Builds an image on busybox from Dockerfile lines and pushes it. @returns its digest */
  publish(tag: string, lines: string[], files?: Record<string, string>): Promise<string>;
  /** Kills the engine, its shims and all containers at once, as a power cut would; what is on its disk stays. */
  cutPower(): Promise<void>;
  /** Starts the engine from what is on its disk, at the same address. */
  powerOn(): Promise<void>;
  /** Stops everything and removes what it made. */
  destroy(): Promise<void>;
}

const quiet = (): void => undefined;

async function imageId(docker: Docker, reference: string): Promise<string | null> {
  try {
    return (await docker.getImage(reference).inspect()).Id;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
}

/** Publishing is somebody else's doing on another machine: this engine's tag is as it was, and its pull is a real one. */
async function forgetBuild(docker: Docker, reference: string, before: string | null): Promise<void> {
  const built = await imageId(docker, reference);
  if (built === null || built === before) return;
  const separator = reference.lastIndexOf(':');
  if (before !== null)
    await docker.getImage(before).tag({ repo: reference.slice(0, separator), tag: reference.slice(separator + 1) });
  await docker.getImage(built).remove({ force: true });
}

/**
 * A private engine and registry for one test suite, in a directory of its own.
 * @param options.engineDirectory where the engine keeps its data, such as a small disk; the caller removes it
 */
export async function startSandbox(name: string, options: { engineDirectory?: string } = {}): Promise<Sandbox> {
  const directory = await mkdtemp(path.join(os.tmpdir(), `docker-auto-test-${name}-`));
  const registry = await startSandboxRegistry({ directory: path.join(directory, 'registry'), log: quiet });
  const engineDirectory = options.engineDirectory ?? path.join(directory, 'engine');
  let engine = await startSandboxEngine({ directory: engineDirectory, notice: quiet });
  const docker = new Docker({ socketPath: engine.socketPath });
  const remove = async (): Promise<void> => {
    await engine.stop();
    await registry.stop();
    await rm(directory, { recursive: true, force: true });
  };
  const removed = onInterrupt(remove);
  return {
    directory,
    docker,
    dockerHost: engine.dockerHost,
    get engine() {
      return engine;
    },
    registry,
    registryHost: registry.host,
    async publish(tag, lines, files = {}) {
      const reference = tag.includes('/') ? tag : `${registry.host}/${tag}`;
      const extra = Object.fromEntries(Object.entries(files).map(([file, content]) => [file, { content }]));
      const before = await imageId(docker, reference);
      await buildSandboxImage(docker, {
        tag: reference,
        dockerfile: ['FROM scratch', 'COPY bin /bin', ...lines].join('\n'),
        files: { ...busyboxFiles(), ...extra },
      });
      const digest = await pushSandboxImage(docker, reference);
      await forgetBuild(docker, reference, before);
      return digest;
    },
    async cutPower() {
      engine.dockerd.kill('SIGKILL');
      engine.containerd.kill('SIGKILL');
      killCgroup(sandboxLayout(engineDirectory).cgroup);
      // Ends the supervision before it could start a daemon anew, and the shims; mounts and links go as at a boot.
      await engine.stop();
    },
    async powerOn() {
      engine = await startSandboxEngine({ directory: engineDirectory, notice: quiet });
    },
    async destroy() {
      removed();
      await remove();
    },
  };
}
