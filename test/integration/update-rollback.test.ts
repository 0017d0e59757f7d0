import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type Docker from 'dockerode';
import { freePort } from '../../embedded/free-port.ts';
import { type Answer, containerId, request, update, updateEnd } from '../rig/api-client.ts';
import { type ProgramProcess, startProgramProcess } from '../rig/program-process.ts';
import { exec, namesAround, pageAt, publishWeb, pull } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';

let sandbox: Sandbox;
let program: ProgramProcess;
let dataDirectory: string;

beforeAll(async () => {
  sandbox = await startSandbox('rollback');
  dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-rollback-data-'));
  program = await startProgramProcess({ dataDirectory, dockerHost: sandbox.dockerHost });
});

afterAll(async () => {
  await program?.stop();
  await sandbox?.destroy();
  await rm(dataDirectory, { recursive: true, force: true });
});

const image = (name: string) => `${sandbox.registryHost}/${name}:stable`;
const publish = (name: string, version: string, extra: string[] = []) =>
  publishWeb(sandbox, `${name}:stable`, version, ['VOLUME /var/anonymous', ...extra]);
const inspect = (name: string) => sandbox.docker.getContainer(name).inspect();

/** Runs v1 with settings of its own. @returns its port */
async function runFirst(name: string): Promise<number> {
  const port = await freePort();
  await pull(sandbox.docker, image(name));
  const container = await sandbox.docker.createContainer({
    name,
    Image: image(name),
    Env: ['GREETING=hello'],
    Labels: { 'org.example.owner': 'shop' },
    ExposedPorts: { '80/tcp': {} },
    HostConfig: {
      PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
      Binds: [`${name}-data:/var/named`],
      RestartPolicy: { Name: 'unless-stopped' },
      Memory: 64 * 1024 * 1024,
    },
  });
  await container.start();
  return port;
}

/** Starts the rollback of an update and waits for its end. */
async function rollBack(updateId: string): Promise<Answer['data']> {
  const started = await request(program, 'POST', `/updates/${updateId}/rollback`, { soak: 0 });
  expect(started).toMatchObject({ code: 202 });
  return updateEnd(program, started.data.update_id);
}

const keptTags = async () =>
  (await sandbox.docker.listImages())
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter((tag) => tag.startsWith('docker-auto-keep:'));

async function hasImage(id: string): Promise<boolean> {
  return (await sandbox.docker.listImages({ all: true })).some(({ Id }) => Id === id);
}

describe('the rollback of a finished update', () => {
  it('brings image and configuration back, keeps the data, and quarantines what was left', async () => {
    const first = await publish('web', 'v1');
    const port = await runFirst('web');
    await exec(sandbox.docker, 'web', [
      'sh',
      '-c',
      'echo named > /var/named/file; echo anonymous > /var/anonymous/file',
    ]);
    const before = await inspect('web');
    const second = await publish('web', 'v2', ['ENV ONLY_IN=v2', 'LABEL only.in=v2', 'WORKDIR /www']);
    const updated = await update(program, 'web', { soak: 0 });
    expect(updated).toMatchObject({ status: 'success', old_digest: first, new_digest: second });
    expect((await inspect('web')).Config.Env).toContain('ONLY_IN=v2');
    await exec(sandbox.docker, 'web', ['sh', '-c', 'echo later >> /var/named/file; echo later >> /var/anonymous/file']);

    const ended = await rollBack(updated.id);

    expect({ message: ended.message, ...ended }).toMatchObject({
      status: 'success',
      old_digest: second,
      new_digest: first,
      rollback_of: updated.id,
      triggered_by: 'manual',
    });
    expect(await pageAt(port)).toBe('v1');
    expect(await exec(sandbox.docker, 'web', ['cat', '/var/named/file', '/var/anonymous/file'])).toBe(
      'named\r\nlater\r\nanonymous\r\nlater',
    );
    const after = await inspect('web');
    expect(settings(after)).toEqual(settings(before));
    expect(after.Image).toBe(before.Image);
    expect((await sandbox.docker.getImage(image('web')).inspect()).Id).toBe(before.Image);
    expect(await namesAround(sandbox.docker, 'web')).toEqual(['web']);

    const quarantine = await request(program, 'GET', '/quarantine');
    expect(quarantine.data.items).toEqual([
      expect.objectContaining({ container_name: 'web', digest: second, update_id: ended.id }),
    ]);
    // Or the next sweep would go forward again.
    expect(await update(program, 'web')).toMatchObject({ status: 'failed', error_type: 'PolicyDenied' });
    expect(await pageAt(port)).toBe('v1');
  });

  it('works although the tag has moved meanwhile, in the registry and on the host', async () => {
    const first = await publish('moved', 'v1');
    const port = await runFirst('moved');
    const before = await inspect('moved');
    await publish('moved', 'v2');
    const updated = await update(program, 'moved', { soak: 0 });
    await publish('moved', 'v3');
    await pull(sandbox.docker, image('moved'));

    const ended = await rollBack(updated.id);

    expect({ message: ended.message, ...ended }).toMatchObject({ status: 'success', new_digest: first });
    expect(await pageAt(port)).toBe('v1');
    expect(settings(await inspect('moved'))).toEqual(settings(before));
  });

  it('can be undone like any other update', async () => {
    await publish('again', 'v1');
    const port = await runFirst('again');
    await publish('again', 'v2');
    const updated = await update(program, 'again', { soak: 0 });
    const back = await rollBack(updated.id);

    const forth = await rollBack(back.id);

    expect({ message: forth.message, ...forth }).toMatchObject({ status: 'success', rollback_of: back.id });
    expect(await pageAt(port)).toBe('v2');
  });

  it('is refused for an update that replaced nothing, with the reason', async () => {
    await publish('same', 'v1');
    await runFirst('same');
    const untouched = await update(program, 'same', { soak: 0 });
    expect(untouched).toMatchObject({ status: 'up_to_date' });

    const refused = await request(program, 'POST', `/updates/${untouched.id}/rollback`);

    expect(refused.code).toBe(422);
    expect(refused.message).toContain('up_to_date');
    const id = await containerId(program, 'same');
    expect((await request(program, 'GET', `/updates/history?container_id=${id}`)).data.total).toBe(1);
  });
});

describe('images kept for going back', () => {
  it('are as many as configured: the one before the last update stays, older ones go', async () => {
    await publish('kept', 'v1');
    const port = await runFirst('kept');
    const others = await keptTags();
    const ids: string[] = [];
    const updates: string[] = [];
    for (const version of ['v2', 'v3', 'v4']) {
      ids.push((await inspect('kept')).Image);
      await publish('kept', version);
      const ended = await update(program, 'kept', { soak: 0 });
      expect({ message: ended.message, ...ended }).toMatchObject({ status: 'success' });
      updates.push(ended.id);
    }

    expect(await Promise.all(ids.map(hasImage))).toEqual([false, false, true]);
    expect((await keptTags()).filter((tag) => !others.includes(tag))).toHaveLength(1);
    const refused = await request(program, 'POST', `/updates/${updates[0]}/rollback`);
    expect(refused.code).toBe(422);
    expect(refused.message).toContain('given up');

    expect(await rollBack(updates[2] ?? '')).toMatchObject({ status: 'success' });
    expect(await pageAt(port)).toBe('v3');
  });
});

describe('an update without a backup', () => {
  it('leaves nothing to go back to, and takes nothing from the updates before it', async () => {
    const images = await idsWhile('unkept', ['v2', 'v3'], [{}, { backup: false }]);

    expect(await Promise.all(images.ids.map(hasImage))).toEqual([true, false]);
    const refused = await request(program, 'POST', `/updates/${images.updates[1]}/rollback`);
    expect({ code: refused.code, message: refused.message }).toMatchObject({
      code: 422,
      message: expect.stringContaining('kept no backup'),
    });
    expect(await rollBack(images.updates[0] ?? '')).toMatchObject({ status: 'success' });
    expect(await pageAt(images.port)).toBe('v1');
  });

  it('goes back by itself all the same when the new version fails', async () => {
    await publish('unsure', 'v1');
    const port = await runFirst('unsure');
    const before = await inspect('unsure');
    const kept = await keptTags();
    await publish('unsure', 'v2', ['ENTRYPOINT ["sh", "-c", "exit 3"]']);

    const ended = await update(program, 'unsure', { soak: 1, backup: false });

    expect({ message: ended.message, ...ended }).toMatchObject({ status: 'rollback' });
    expect(await pageAt(port)).toBe('v1');
    expect(await inspect('unsure')).toMatchObject({
      Id: before.Id,
      HostConfig: { RestartPolicy: { Name: 'unless-stopped' } },
    });
    expect(await keptTags()).toEqual(kept);
  });
});

describe('a program that is to keep no images', () => {
  it('gives up the old image once the update has succeeded, and says so when a rollback is asked for', async () => {
    await program.stop();
    program = await startProgramProcess({
      dataDirectory,
      dockerHost: sandbox.dockerHost,
      env: { UPDATE_KEEP_IMAGES: '0' },
    });

    const images = await idsWhile('thrifty', ['v2'], [{}]);

    expect(await Promise.all(images.ids.map(hasImage))).toEqual([false]);
    expect(await pageAt(images.port)).toBe('v2');
    const refused = await request(program, 'POST', `/updates/${images.updates[0]}/rollback`);
    expect({ code: refused.code, message: refused.message }).toMatchObject({
      code: 422,
      message: expect.stringContaining('given up'),
    });
  });
});

/** Runs v1, then updates it version by version, each with its request. @returns the image before each update */
async function idsWhile(
  name: string,
  versions: string[],
  bodies: Array<Record<string, unknown>>,
): Promise<{ port: number; ids: string[]; updates: string[] }> {
  await publish(name, 'v1');
  const port = await runFirst(name);
  const ids: string[] = [];
  const updates: string[] = [];
  for (const [index, version] of versions.entries()) {
    ids.push((await inspect(name)).Image);
    await publish(name, version);
    const ended = await update(program, name, { soak: 0, ...bodies[index] });
    expect({ message: ended.message, ...ended }).toMatchObject({ status: 'success' });
    updates.push(ended.id);
  }
  return { port, ids, updates };
}

/** All of an inspect that people set or an image gives; not what the engine makes up for each container anew. */
function settings(container: Docker.ContainerInspectInfo): unknown {
  const { Name, Path, Args, Image, Config, HostConfig, Mounts, NetworkSettings } = container;
  const { Hostname: _hostname, ...config } = Config;
  // An anonymous volume that was attached again is mounted by its name.
  const { Mounts: byName = [], ...hostConfig } = HostConfig as typeof HostConfig & { Mounts?: Docker.MountSettings[] };
  return {
    Name,
    Path,
    Args,
    Image,
    config: { ...config, Env: [...config.Env].sort() },
    hostConfig: { ...hostConfig, Mounts: byName.filter(({ Source }) => !/^[0-9a-f]{64}$/.test(Source)) },
    mounts: Mounts.map(({ Type, Name: volume, Destination, RW }) => ({ Type, volume, Destination, RW })).sort((a, b) =>
      a.Destination.localeCompare(b.Destination),
    ),
    networks: Object.keys(NetworkSettings.Networks),
  };
}
