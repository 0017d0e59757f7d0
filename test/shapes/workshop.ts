import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { busyboxFiles } from '../../embedded/busybox-files.ts';
import { buildSandboxImage, pushSandboxImage } from '../../embedded/sandbox-image.ts';
import { sandboxLayout } from '../../embedded/sandbox-layout.ts';
import { onInterrupt } from '../rig/on-interrupt.ts';
import { type ProgramProcess, startProgramProcess } from '../rig/program-process.ts';
import { pull } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';
import { type DockerCli, openDockerCli } from './docker-cli.ts';
import { IMAGES } from './images.ts';

/** An image that is in the registry in both versions, and on the engine in the first. */
export interface PublishedImage {
  repository: string;
  digest1: string;
  /** The same as the first where there is no second. */
  digest2: string;
  v1: string;
}

/** Engine, registry, program and images that shapes are made and updated with. */
export interface Workshop {
  sandbox: Sandbox;
  program: ProgramProcess;
  cli: DockerCli;
  /** For the shapes' own files. */
  directory: string;
  /** First half of the engine's addresses, such as `10.26`. */
  pool: string;
  cgroup: string;
  images: ReadonlyMap<string, PublishedImage>;
  close(): Promise<void>;
}

async function publishBoth(sandbox: Sandbox, name: string): Promise<PublishedImage> {
  const image = IMAGES[name];
  if (image === undefined) throw new Error(`no shape's image is called ${name}`);
  const { docker } = sandbox;
  const repository = `${sandbox.registryHost}/${name}`;
  const digest1 = await sandbox.publish(`${name}:stable`, image.v1, image.files?.v1);
  await pull(docker, `${repository}:stable`);
  const { Id: v1 } = await docker.getImage(`${repository}:stable`).inspect();
  if (image.alsoIn !== undefined) {
    const elsewhere = `${sandbox.registryHost}/${image.alsoIn}`;
    await docker.getImage(v1).tag({ repo: elsewhere, tag: 'stable' });
    await pushSandboxImage(docker, `${elsewhere}:stable`);
  }
  if (image.v2 === undefined) return { repository, digest1, digest2: digest1, v1 };
  const digest2 = await sandbox.publish(`${name}:${image.v2Tag ?? 'stable'}`, image.v2, image.files?.v2);
  return { repository, digest1, digest2, v1 };
}

/** Starts everything and publishes the images. `close` takes it all away again. */
export async function openWorkshop(name: string, imageNames: readonly string[]): Promise<Workshop> {
  const directory = await mkdtemp(path.join(os.tmpdir(), `docker-auto-test-${name}-files-`));
  const removeFiles = () => rm(directory, { recursive: true, force: true });
  const removed = onInterrupt(removeFiles);
  const sandbox = await startSandbox(name).catch(async (error: unknown) => {
    removed();
    await removeFiles();
    throw error;
  });
  const starting = startProgramProcess({
    dataDirectory: path.join(directory, 'program'),
    dockerHost: sandbox.dockerHost,
  });
  // A failed start is told by whoever waits for it; until then it must not count as one that nobody looks at.
  const started = starting.catch(() => null);
  const close = async (): Promise<void> => {
    await (await started)?.stop();
    await sandbox.destroy();
    removed();
    await removeFiles();
  };
  try {
    const images = new Map<string, PublishedImage>();
    // All images have this layer: kept here, it is built once. One after the other, since builds share what is under
    // them, and one that is taken away would take it from another.
    await buildSandboxImage(sandbox.docker, {
      tag: 'base',
      dockerfile: 'FROM scratch\nCOPY bin /bin',
      files: busyboxFiles(),
    });
    for (const image of imageNames) images.set(image, await publishBoth(sandbox, image));
    const program = await starting;
    const settings = path.join(directory, 'docker-cli');
    await mkdir(settings);
    const info = (await sandbox.docker.info()) as { DefaultAddressPools?: Array<{ Base: string }> };
    const pool = (info.DefaultAddressPools?.[0]?.Base ?? '').split('.').slice(0, 2).join('.');
    const { cgroup } = sandboxLayout(sandbox.engine.directory);
    const { Version: version } = await sandbox.docker.version();
    const cli = await openDockerCli(sandbox.dockerHost, version, settings);
    return { sandbox, program, cli, directory, pool, cgroup, images, close };
  } catch (error) {
    await close();
    throw error;
  }
}
