import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import bcrypt from 'bcryptjs';
import Docker from 'dockerode';
import { busyboxFiles } from '../../embedded/busybox-files.ts';
import { freePort } from '../../embedded/free-port.ts';
import { type SandboxEngine, startSandboxEngine } from '../../embedded/sandbox-engine.ts';
import { buildSandboxImage, pushSandboxImage, type RegistryLogin } from '../../embedded/sandbox-image.ts';
import { startSandboxRegistry } from '../../embedded/sandbox-registry.ts';
import { containerId, request, update, updateEnd } from '../rig/api-client.ts';
import { snapshotEngine } from '../rig/engine-snapshot.ts';
import { type ProgramProcess, startProgramProcess } from '../rig/program-process.ts';
import { pageAt, pageNow, publishWeb, pull, webPage, webServer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';
import { mountSmallDisk, type SmallDisk } from '../rig/small-disk.ts';

const quiet = (): undefined => undefined;

let sandbox: Sandbox;
let program: ProgramProcess;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-conditions-data-'));
  sandbox = await startSandbox('conditions');
  program = await startProgramProcess({
    dataDirectory: path.join(directory, 'program'),
    dockerHost: sandbox.dockerHost,
  });
});

afterAll(async () => {
  await program?.stop();
  await sandbox?.destroy();
  await rm(directory, { recursive: true, force: true });
});

/** Runs a web container that serves v1 on a port of this machine. Without a log-in the image is pulled openly. */
async function runWeb(docker: Docker, name: string, image: string, login?: RegistryLogin): Promise<number> {
  const port = await freePort();
  await pull(docker, image, login);
  const container = await docker.createContainer({
    name,
    Image: image,
    ExposedPorts: { '80/tcp': {} },
    HostConfig: {
      PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
      RestartPolicy: { Name: 'unless-stopped' },
    },
  });
  await container.start();
  expect(await pageAt(port)).toBe('v1');
  return port;
}

describe('an update that can not be carried out changes nothing and says why', () => {
  it('when the registry is away', async () => {
    const registry = await startSandboxRegistry({ directory: path.join(directory, 'away-registry'), log: quiet });
    const image = `${registry.host}/away:stable`;
    await buildAndPush(image, 'v1');
    const port = await runWeb(sandbox.docker, 'away', image);
    await containerId(program, 'away');
    const before = await snapshotEngine(sandbox.docker);
    await registry.stop();

    const ended = await update(program, 'away', { registry_wait: 2 });

    expect(ended).toMatchObject({ status: 'failed', error_type: 'RegistryUnavailable' });
    expect(ended.message).toContain(registry.host);
    expect(ended.message).toContain('Nothing was changed');
    expect(await snapshotEngine(sandbox.docker)).toEqual(before);
    expect(await pageNow(port)).toBe('v1');
  });

  it('when the password is wrong, and goes on once it is right', async () => {
    const htpasswdFile = path.join(directory, 'htpasswd');
    await writeFile(htpasswdFile, `shop:${await bcrypt.hash('right', 4)}\n`);
    const registry = await startSandboxRegistry({
      directory: path.join(directory, 'private-registry'),
      htpasswdFile,
      log: quiet,
    });
    try {
      const image = `${registry.host}/private:stable`;
      const login = { username: 'shop', password: 'right' };
      await buildAndPush(image, 'v1', login);
      const port = await runWeb(sandbox.docker, 'private', image, login);
      await buildAndPush(image, 'v2', login);
      await logIn(registry.host, 'shop:wrong');
      const before = await snapshotEngine(sandbox.docker);

      const ended = await update(program, 'private', { soak: 0 });

      expect(ended).toMatchObject({ status: 'failed', error_type: 'RegistryAuthDenied' });
      expect(ended.message).toContain(registry.host);
      expect(ended.message).not.toContain('wrong');
      expect(await snapshotEngine(sandbox.docker)).toEqual(before);
      expect(await pageNow(port)).toBe('v1');

      await logIn(registry.host, 'shop:right');
      expect(await update(program, 'private', { soak: 0 })).toMatchObject({ status: 'success' });
      expect(await pageAt(port)).toBe('v2');
    } finally {
      await registry.stop();
    }
  });

  it('when the tag is gone from the registry', async () => {
    const digest = await publishWeb(sandbox, 'gone:stable', 'v1');
    const port = await runWeb(sandbox.docker, 'gone', `${sandbox.registryHost}/gone:stable`);
    const removed = await fetch(`http://${sandbox.registryHost}/v2/gone/manifests/${digest}`, { method: 'DELETE' });
    expect(removed.status).toBe(202);
    const before = await snapshotEngine(sandbox.docker);

    const ended = await update(program, 'gone');

    expect(ended).toMatchObject({ status: 'failed', error_type: 'ManifestNotFound' });
    expect(ended.message).toContain(`${sandbox.registryHost}/gone has no tag stable`);
    expect(await snapshotEngine(sandbox.docker)).toEqual(before);
    expect(await pageNow(port)).toBe('v1');
  });

  it('when the engine refuses the new version’s command, and takes the half made successor away', async () => {
    await publishWeb(sandbox, 'refused:stable', 'v1');
    const port = await runWeb(sandbox.docker, 'refused', `${sandbox.registryHost}/refused:stable`);
    await sandbox.publish('refused:stable', ['ENTRYPOINT ["/no/such/program"]', 'STOPSIGNAL SIGKILL']);
    const [before] = (await sandbox.docker.listContainers({ filters: { name: ['refused'] } })).map(({ Id }) => Id);

    const ended = await update(program, 'refused', { soak: 0 });

    expect(ended).toMatchObject({ status: 'rollback' });
    expect(ended.message).toContain('/no/such/program');
    const after = await sandbox.docker.listContainers({ all: true, filters: { name: ['refused'] } });
    expect(after.map(({ Id }) => Id)).toEqual([before]);
    expect(await pageNow(port)).toBe('v1');
  });
});

describe('on an engine with a small disk', () => {
  let disk: SmallDisk;
  let engine: SandboxEngine;
  let docker: Docker;
  let second: ProgramProcess;
  let port: number;
  let image: string;

  beforeAll(async () => {
    disk = await mountSmallDisk('small', 64);
    engine = await startSandboxEngine({ directory: disk.directory, notice: quiet });
    docker = new Docker({ socketPath: engine.socketPath });
    second = await startProgramProcess({
      dataDirectory: path.join(directory, 'second'),
      dockerHost: engine.dockerHost,
    });
    image = `${sandbox.registryHost}/big:stable`;
    await publishWeb(sandbox, 'big:stable', 'v1');
    port = await runWeb(docker, 'big', image);
  });

  afterAll(async () => {
    await second?.stop();
    await engine?.stop();
    await disk?.remove();
  });

  it('an image that does not fit changes nothing, and the message says that the disk is full', async () => {
    await sandbox.publish(
      'big:stable',
      [...webServer('v2'), 'RUN ["dd", "if=/dev/urandom", "of=/big", "bs=1M", "count=80"]'],
      webPage('v2'),
    );
    const before = await snapshotEngine(docker);

    const ended = await update(second, 'big', { soak: 0, registry_wait: 2 });

    expect({ message: ended.message, ...ended }).toMatchObject({ status: 'failed', error_type: 'NoSpaceLeft' });
    expect(ended.message).toContain('disk');
    expect(await snapshotEngine(docker)).toEqual(before);
    expect(await pageNow(port)).toBe('v1');
  });

  it('an engine that is away at the start is waited for as long as was asked, then the update fails', async () => {
    await publishWeb(sandbox, 'big:stable', 'v3');
    const id = await containerId(second, 'big');
    const before = (await docker.getContainer('big').inspect()).Id;
    await engine.stop();

    const started = await request(second, 'POST', `/containers/${id}/update`, { soak: 0, engine_wait: 2 });
    const ended = await updateEnd(second, started.data.update_id);

    expect(ended).toMatchObject({ status: 'failed', error_type: 'EngineUnavailable' });
    expect(ended.message).toContain(engine.socketPath);

    engine = await startSandboxEngine({ directory: disk.directory, notice: quiet });
    expect((await docker.listContainers({ all: true })).map(({ Id }) => Id)).toEqual([before]);
    expect(await pageNow(port)).toBe('v1');
  });

  it('an engine that comes back in time gets its update after all', async () => {
    const id = await containerId(second, 'big');
    await engine.stop();
    const started = await request(second, 'POST', `/containers/${id}/update`, { soak: 0, engine_wait: 60 });
    await expect(updateEnd(second, started.data.update_id, 1_500)).rejects.toThrow('did not end');
    engine = await startSandboxEngine({ directory: disk.directory, notice: quiet });

    expect(await updateEnd(second, started.data.update_id)).toMatchObject({ status: 'success' });
    expect(await pageAt(port)).toBe('v3');
  });
});

async function buildAndPush(tag: string, version: string, login?: RegistryLogin): Promise<void> {
  const before = await imageId(tag);
  await buildSandboxImage(sandbox.docker, {
    tag,
    dockerfile: ['FROM scratch', 'COPY bin /bin', ...webServer(version)].join('\n'),
    files: { ...busyboxFiles(), 'www/index.html': { content: version } },
  });
  await pushSandboxImage(sandbox.docker, tag, login);
  // As if it had been pushed from elsewhere: this engine knows nothing of it.
  await sandbox.docker.getImage(tag).remove();
  if (before !== null)
    await sandbox.docker.getImage(before).tag({ repo: tag.slice(0, tag.lastIndexOf(':')), tag: 'stable' });
}

async function imageId(tag: string): Promise<string | null> {
  const images = await sandbox.docker.listImages({ filters: { reference: [tag] } });
  return images[0]?.Id ?? null;
}

/** What `docker login` leaves for the program to read. */
async function logIn(registry: string, credentials: string): Promise<void> {
  const folder = path.join(directory, 'program', 'docker-config');
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'config.json'),
    JSON.stringify({ auths: { [registry]: { auth: Buffer.from(credentials).toString('base64') } } }),
  );
}
