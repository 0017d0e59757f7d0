import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type Docker from 'dockerode';
import { containerId, request, startUpdate, update, updateEnd } from '../rig/api-client.ts';
import { type ProgramProcess, startProgramProcess } from '../rig/program-process.ts';
import { exec, namesAround, publishWeb, pull, runContainer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';

let sandbox: Sandbox;
let program: ProgramProcess;
let dataDirectory: string;

beforeAll(async () => {
  sandbox = await startSandbox('dependents');
  dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-dependents-data-'));
  program = await startProgramProcess({ dataDirectory, dockerHost: sandbox.dockerHost });
  await sandbox.publish('idle:stable', ['STOPSIGNAL SIGKILL', 'CMD ["sleep", "100000"]']);
});

afterAll(async () => {
  await program?.stop();
  await sandbox?.destroy();
  await rm(dataDirectory, { recursive: true, force: true });
});

const CRASHES = ['CMD ["sh", "-c", "echo broken; exit 1"]'];

const inspect = (name: string) => sandbox.docker.getContainer(name).inspect();

/** A web server of v1 that serves, with the next version published since. */
async function provide(name: string, host: Docker.HostConfig = {}, labels: Record<string, string> = {}): Promise<void> {
  await publishWeb(sandbox, `${name}:stable`, 'v1');
  const Image = `${sandbox.registryHost}/${name}:stable`;
  await runContainer(sandbox.docker, { name, Image, Labels: labels, HostConfig: host });
  await publishWeb(sandbox, `${name}:stable`, 'v2');
}

function depend(name: string, host: Docker.HostConfig, more: Docker.ContainerCreateOptions = {}): Promise<string> {
  const Image = `${sandbox.registryHost}/idle:stable`;
  return runContainer(sandbox.docker, { ...more, name, Image, HostConfig: host });
}

/** All that must not change of a container when it is made again for another's sake. */
async function settings(name: string) {
  const { Config, HostConfig, State, Mounts, Image } = await inspect(name);
  // An anonymous volume is attached by its name, as a mount.
  const { NetworkMode: _network, IpcMode: _ipc, PidMode: _pid, Mounts: _mounts, ...host } = HostConfig;
  const { Hostname: _hostname, ...config } = Config;
  return {
    Image,
    config,
    host,
    running: State.Running,
    paused: State.Paused,
    mounts: Mounts.map(({ Mode: _mode, ...mount }) => mount),
  };
}

async function modes(name: string): Promise<string[]> {
  const { NetworkMode, IpcMode, PidMode } = (await inspect(name)).HostConfig;
  return [NetworkMode, IpcMode, PidMode].flatMap((mode) => (mode?.startsWith('container:') ? [mode] : []));
}

const page = (from: string, host: string) => exec(sandbox.docker, from, ['wget', '-qO-', `http://${host}/`]);

async function untilLine(updateId: string, line: string): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const { data } = await request(program, 'GET', `/updates/${updateId}`);
    if (data.events.some((event: { step: string; state: string }) => `${event.step} ${event.state}` === line)) return;
    await delay(50);
  }
  throw new Error(`update ${updateId} never said "${line}"`);
}

/** A provider with one dependent of every kind; each is named after the provider. */
async function family(name: string): Promise<string[]> {
  await provide(name, { IpcMode: 'shareable', RestartPolicy: { Name: 'unless-stopped' } });
  const always = { RestartPolicy: { Name: 'always' } };
  await depend(`${name}-net`, { NetworkMode: `container:${name}`, Binds: [`${name}-data:/data`], ...always });
  await depend(`${name}-pid`, { PidMode: `container:${name}-net` }, { Volumes: { '/scratch': {} } });
  await depend(`${name}-ipc`, { IpcMode: `container:${name}`, NetworkMode: `container:${name}` });
  await depend(`${name}-rm`, { NetworkMode: `container:${name}`, AutoRemove: true });
  await depend(`${name}-frozen`, { NetworkMode: `container:${name}` });
  await sandbox.docker.getContainer(`${name}-frozen`).pause();
  await depend(`${name}-stopped`, { NetworkMode: `container:${name}` });
  await sandbox.docker.getContainer(`${name}-stopped`).stop();
  await exec(sandbox.docker, `${name}-net`, ['sh', '-c', 'echo kept > /data/file; echo own > /own']);
  await exec(sandbox.docker, `${name}-pid`, ['sh', '-c', 'echo kept > /scratch/file']);
  return ['net', 'pid', 'ipc', 'rm', 'frozen', 'stopped'].map((kind) => `${name}-${kind}`);
}

async function expectFamilyIntact(name: string, before: Map<string, unknown>): Promise<void> {
  const { Id } = await inspect(name);
  for (const [member, was] of before) {
    expect({ member, ...(await settings(member)) }).toEqual({ member, ...(was as object) });
    expect(await namesAround(sandbox.docker, member)).toEqual([member]);
  }
  expect(await modes(`${name}-net`)).toEqual([`container:${Id}`]);
  expect(await modes(`${name}-ipc`)).toEqual([`container:${Id}`, `container:${Id}`]);
  expect(await exec(sandbox.docker, `${name}-net`, ['cat', '/data/file'])).toBe('kept');
  expect(await exec(sandbox.docker, `${name}-net`, ['cat', '/own'])).toBe('own');
  expect(await exec(sandbox.docker, `${name}-pid`, ['cat', '/scratch/file'])).toBe('kept');
  await sandbox.docker.getContainer(`${name}-stopped`).start();
  const { Containers } = await sandbox.docker.info();
  expect((await sandbox.docker.listContainers({ all: true })).length).toBe(Containers);
}

async function expectNoKeepTags(count: number): Promise<void> {
  const images = await sandbox.docker.listImages();
  const tags = images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.startsWith('docker-auto-keep:'));
  expect(tags).toHaveLength(count);
}

describe('containers in the namespaces of one that is updated', () => {
  it('follow it to its successor, each as it was', async () => {
    const members = await family('vpn');
    const before = new Map(await Promise.all(members.map(async (name) => [name, await settings(name)] as const)));

    const ended = await update(program, 'vpn', { soak: 1 });

    expect(ended).toMatchObject({ status: 'success' });
    await expectFamilyIntact('vpn', before);
    expect(await page('vpn-net', '127.0.0.1')).toBe('v2');
    expect(await page('vpn-rm', '127.0.0.1')).toBe('v2');
    expect(await exec(sandbox.docker, 'vpn-pid', ['sh', '-c', 'ls /proc | grep -c "^[0-9]"'])).not.toBe('0');
    await expectNoKeepTags(1);
    const told = ended.events.filter(({ step }: { step: string }) => step === 'dependents');
    expect(told.map(({ cause }: { cause: string }) => cause)).toEqual(
      expect.arrayContaining([
        'Stopped vpn-net: it uses the network of vpn.',
        'Made vpn-net again: it uses the network of vpn.',
        'Made vpn-pid again: it shares the process namespace of vpn-net.',
      ]),
    );
  });

  it('come back with it when its new version fails', async () => {
    const members = await family('gate');
    await sandbox.publish('gate:stable', CRASHES);
    const before = new Map(await Promise.all(members.map(async (name) => [name, await settings(name)] as const)));
    const { Id } = await inspect('gate-net');

    const ended = await update(program, 'gate', { soak: 1 });

    expect(ended).toMatchObject({ status: 'rollback' });
    await expectFamilyIntact('gate', before);
    expect(await page('gate-net', '127.0.0.1')).toBe('v1');
    expect((await inspect('gate-net')).Id).toBe(Id);
  });

  it('take it back with them when they do not come up with its new version', async () => {
    await provide('proxy');
    const refusesNew = 'while wget -qO- http://127.0.0.1/ | grep -q v1; do sleep 0.2; done; echo wrong proxy; exit 7';
    await depend('picky', { NetworkMode: 'container:proxy' }, { Cmd: ['sh', '-c', refusesNew] });

    const ended = await update(program, 'proxy', { soak: 0 });

    expect(ended).toMatchObject({ status: 'rollback', error_type: 'crashed' });
    expect(ended.message).toContain('picky, which uses the network of proxy, did not come up with the new version');
    expect(ended).toMatchObject({ log_tail: expect.stringContaining('wrong proxy'), failed_exit_code: 7 });
    expect(await page('picky', '127.0.0.1')).toBe('v1');
    expect(await namesAround(sandbox.docker, 'picky')).toEqual(['picky']);
    expect(await namesAround(sandbox.docker, 'proxy')).toEqual(['proxy']);
  });

  it('that vanish with an auto-removed provider are made again on the way back, for its new id', async () => {
    await provide('brief', { AutoRemove: true });
    await depend('brief-net', { NetworkMode: 'container:brief', Binds: ['brief-data:/data'] });
    await depend('brief-link', { Links: ['brief:database'] });
    const members = ['brief-net', 'brief-link'];
    for (const name of members) await exec(sandbox.docker, name, ['sh', '-c', 'echo own > /own']);
    await sandbox.publish('brief:stable', CRASHES);
    const before = await Promise.all(members.map(settings));

    const ended = await update(program, 'brief', { soak: 1 });

    expect({ message: ended.message, status: ended.status }).toMatchObject({ status: 'rollback' });
    expect(await Promise.all(members.map(settings))).toEqual(before);
    expect(await modes('brief-net')).toEqual([`container:${(await inspect('brief')).Id}`]);
    expect(await page('brief-net', '127.0.0.1')).toBe('v1');
    expect(await page('brief-link', 'database')).toBe('v1');
    for (const name of members) {
      expect(await exec(sandbox.docker, name, ['cat', '/own'])).toBe('own');
      expect(await namesAround(sandbox.docker, name)).toEqual([name]);
    }
  });

  it('are brought back by hand into the namespaces of what their provider is now', async () => {
    await provide('ground');
    await provide('tower', { NetworkMode: 'container:ground' });
    const own = await update(program, 'tower', { soak: 0 });
    expect(await update(program, 'ground', { soak: 0 })).toMatchObject({ status: 'success' });

    const back = await request(program, 'POST', `/updates/${own.id}/rollback`, { soak: 0 });

    expect(await updateEnd(program, back.data.update_id)).toMatchObject({ status: 'success' });
    expect(await modes('tower')).toEqual([`container:${(await inspect('ground')).Id}`]);
    expect((await inspect('tower')).Config.Labels['org.example.version']).toBe('v1');
  });

  it('are held meanwhile: an update of one of them gets the id of the one that holds it', async () => {
    await provide('held');
    await depend('held-net', { NetworkMode: 'container:held' });
    const dependentId = await containerId(program, 'held-net');
    const holding = await startUpdate(program, 'held', { soak: 4 });
    await untilLine(holding, 'health started');

    const refused = await request(program, 'POST', `/containers/${dependentId}/update`, { force: true });

    expect(refused).toMatchObject({ code: 409, data: { update_id: holding } });
    expect(await updateEnd(program, holding)).toMatchObject({ status: 'success' });
    await delay(500);
    expect(await update(program, 'held-net', { force: true, soak: 0 })).toMatchObject({ status: 'success' });
  });

  it('are waited for while they are updated themselves', async () => {
    await provide('patient');
    await depend('patient-net', { NetworkMode: 'container:patient' });
    const providerId = await containerId(program, 'patient');
    const own = await startUpdate(program, 'patient-net', { force: true, soak: 6 });
    await untilLine(own, 'health started');

    const started = await request(program, 'POST', `/containers/${providerId}/update`, { soak: 0 });
    const waiting = started.data.update_id as string;
    await untilLine(waiting, 'gate waiting');

    expect(await updateEnd(program, own)).toMatchObject({ status: 'success' });
    expect(await updateEnd(program, waiting)).toMatchObject({ status: 'success' });
    expect(await page('patient-net', '127.0.0.1')).toBe('v2');
    expect(await namesAround(sandbox.docker, 'patient-net')).toEqual(['patient-net']);
  });

  it('keep their own image although its tag has moved on, and the tag stays where it is', async () => {
    await provide('mover');
    await publishWeb(sandbox, 'lagging:stable', 'v1');
    const Image = `${sandbox.registryHost}/lagging:stable`;
    await runContainer(sandbox.docker, {
      name: 'lagging',
      Image,
      HostConfig: { NetworkMode: 'container:mover' },
      Cmd: ['sleep', '10000'],
    });
    await publishWeb(sandbox, 'lagging:stable', 'v2');
    await pull(sandbox.docker, Image);
    const before = await settings('lagging');
    const tagged = await sandbox.docker.getImage(Image).inspect();
    expect(before.Image).not.toBe(tagged.Id);

    expect(await update(program, 'mover', { soak: 0 })).toMatchObject({ status: 'success' });

    expect(await settings('lagging')).toEqual(before);
    expect((await sandbox.docker.getImage(Image).inspect()).Id).toBe(tagged.Id);
    expect(await page('lagging', '127.0.0.1')).toBe('v2');
    const tags = (await sandbox.docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
    expect(tags.filter((tag) => tag.endsWith('-moved'))).toEqual([]);
  });

  it('that depend on each other in a circle are named, and nothing is touched', async () => {
    await provide('circle', {}, { 'docker-auto.depends-on': 'round' });
    await depend('round', { NetworkMode: 'container:circle' }, { Labels: { 'docker-auto.depends-on': 'circle' } });
    const id = await containerId(program, 'circle');
    const { Id } = await inspect('circle');

    const plan = await request(program, 'GET', `/containers/${id}/plan`);
    expect(plan).toMatchObject({ code: 422, message: expect.stringContaining('circle → round → circle') });
    const ended = await update(program, 'circle');

    expect(ended).toMatchObject({ status: 'failed', error_type: 'Unreproducible' });
    expect(ended.message).toContain('circle → round → circle');
    expect((await inspect('circle')).Id).toBe(Id);
  });
});

describe('containers that link to one that is updated', () => {
  it('find its successor under the alias', async () => {
    await provide('store');
    const reader = await depend('reader', {
      Links: ['store:database'],
      RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
    });
    const before = await settings('reader');
    expect(await page('reader', 'database')).toBe('v1');
    await exec(sandbox.docker, 'reader', ['sh', '-c', 'echo own > /own']);

    expect(await update(program, 'store', { soak: 0 })).toMatchObject({ status: 'success' });

    expect(await page('reader', 'database')).toBe('v2');
    expect(await settings('reader')).toEqual(before);
    expect((await inspect('reader')).Id).not.toBe(reader);
    expect(await exec(sandbox.docker, 'reader', ['cat', '/own'])).toBe('own');
    await sandbox.docker.getContainer('reader').restart();
    expect(await page('reader', 'database')).toBe('v2');
  });

  it('find the old one again after a rollback', async () => {
    await provide('shelf');
    await depend('borrower', { Links: ['shelf:database'] });
    await sandbox.publish('shelf:stable', CRASHES);

    expect(await update(program, 'shelf', { soak: 0 })).toMatchObject({ status: 'rollback' });

    expect(await page('borrower', 'database')).toBe('v1');
    expect((await inspect('borrower')).HostConfig.Links).toEqual(['/shelf:/borrower/database']);
  });
});

describe('a container whose layer may not be lost', () => {
  it('holds back the update of the one that it hangs on, before anything is touched', async () => {
    await provide('base');
    const Labels = { 'docker-auto.writable-layer': 'refuse' };
    const id = await depend('precious', { NetworkMode: 'container:base' }, { Labels });
    await exec(sandbox.docker, 'precious', ['sh', '-c', 'echo own > /own']);

    const ended = await update(program, 'base', { soak: 0 });

    expect(ended).toMatchObject({ status: 'failed', error_type: 'Unreproducible' });
    expect(ended.message).toContain('A recreation of precious would lose');
    expect((await inspect('precious')).Id).toBe(id);
  });
});

describe('containers that depend on one that is updated', () => {
  const compose = (service: string, dependsOn: string) => ({
    'com.docker.compose.project': 'shop',
    'com.docker.compose.service': service,
    'com.docker.compose.depends_on': dependsOn,
  });

  it('are restarted where Compose says restart: true or their label asks, and only there', async () => {
    await provide('shop-db-1', {}, compose('db', ''));
    await depend('shop-app-1', {}, { Labels: compose('app', 'db:service_started:true') });
    await depend('shop-job-1', {}, { Labels: compose('job', 'db:service_started:false') });
    await depend('asks', {}, { Labels: { 'docker-auto.depends-on': 'shop-db-1:restart' } });
    const names = ['shop-app-1', 'shop-job-1', 'asks'];
    const startedAt = async () =>
      new Map(await Promise.all(names.map(async (name) => [name, (await inspect(name)).State.StartedAt] as const)));
    const before = await startedAt();

    const ended = await update(program, 'shop-db-1', { soak: 0 });

    expect(ended).toMatchObject({ status: 'success' });
    const after = await startedAt();
    expect(names.filter((name) => after.get(name) !== before.get(name))).toEqual(['shop-app-1', 'asks']);
    expect(ended.events.map(({ cause }: { cause: string }) => cause)).toContain(
      'Restarted shop-app-1: its Compose file says restart: true for shop-db-1.',
    );
  });
});
