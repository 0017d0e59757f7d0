import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type Docker from 'dockerode';
import { type Answer, request, update, updateEnd } from '../rig/api-client.ts';
import { type ProgramProcess, startProgramProcess } from '../rig/program-process.ts';
import { exec, namesAround, publishWeb, pull, runContainer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';

let sandbox: Sandbox;
let program: ProgramProcess;
let dataDirectory: string;

beforeAll(async () => {
  sandbox = await startSandbox('rollback-kinds');
  dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-rollback-kinds-data-'));
  program = await startProgramProcess({ dataDirectory, dockerHost: sandbox.dockerHost });
  for (const [index, name] of ['front', 'back'].entries()) {
    const Config = [{ Subnet: `10.213.${index}.0/24` }];
    await sandbox.docker.createNetwork({ Name: name, IPAM: { Driver: 'default', Config } });
  }
});

afterAll(async () => {
  await program?.stop();
  await sandbox?.destroy();
  await rm(dataDirectory, { recursive: true, force: true });
});

const CRASHES = ['CMD ["sh", "-c", "echo broken; exit 1"]'];
const image = (name: string) => `${sandbox.registryHost}/${name}:stable`;
const inspect = (name: string) => sandbox.docker.getContainer(name).inspect();

/** Of a static address; each container has its own. */
const lastPart = (name: string) => (name.endsWith('-bad') ? 77 : 78);

type Kind = 'auto-removed' | 'of two networks' | 'of a moved tag' | 'after a prune';

/** A container of v1 of that kind, with data in an anonymous volume. */
async function raise(name: string, kind: Kind): Promise<void> {
  await publishWeb(sandbox, `${name}:stable`, 'v1', ['VOLUME /var/anonymous']);
  const options: Docker.ContainerCreateOptions = { Env: ['GREETING=hello'], Labels: { owner: 'shop' } };
  if (kind === 'auto-removed') options.HostConfig = { AutoRemove: true };
  if (kind === 'of two networks') {
    options.HostConfig = { NetworkMode: 'front' };
    options.NetworkingConfig = {
      EndpointsConfig: {
        front: { IPAMConfig: { IPv4Address: `10.213.0.${lastPart(name)}` }, Aliases: ['shop-front'] },
      },
    };
  }
  const id = await runContainer(sandbox.docker, { ...options, name, Image: image(name) });
  if (kind === 'of two networks') {
    const EndpointConfig = { IPAMConfig: { IPv4Address: `10.213.1.${lastPart(name)}` }, Aliases: ['shop-back'] };
    await sandbox.docker.getNetwork('back').connect({ Container: id, EndpointConfig });
  }
  await exec(sandbox.docker, name, ['sh', '-c', 'echo kept > /var/anonymous/file']);
}

/** What a person does between the new version's publication and the rollback. */
async function meddle(name: string, kind: Kind): Promise<void> {
  if (kind === 'of a moved tag') {
    await publishWeb(sandbox, `${name}:stable`, 'v9');
    await pull(sandbox.docker, image(name));
  }
  // As `docker image prune --all`.
  if (kind === 'after a prune') await sandbox.docker.pruneImages({ filters: { dangling: { false: true } } });
}

/** All that a rollback must bring back, without what the engine generates anew. */
async function lookOf(name: string) {
  const { Image, Config, HostConfig, Mounts, NetworkSettings } = await inspect(name);
  const { Hostname: hostname, ...config } = Config;
  const { Mounts: _byName, ...host } = HostConfig;
  const networks = Object.entries(NetworkSettings.Networks).map(([network, endpoint]) => ({
    network,
    address: endpoint.IPAMConfig ?? null,
    aliases: ((endpoint.Aliases ?? []) as string[]).filter((alias) => alias !== hostname),
  }));
  return {
    Image,
    config,
    host,
    networks,
    volumes: Mounts.map(({ Name }) => Name),
    page: await pageOf(name),
    data: await exec(sandbox.docker, name, ['cat', '/var/anonymous/file']),
  };
}

const pageOf = (name: string) => exec(sandbox.docker, name, ['wget', '-qO-', 'http://127.0.0.1/']);

async function rollBack(updateId: string): Promise<Answer['data']> {
  const started = await request(program, 'POST', `/updates/${updateId}/rollback`, { soak: 0 });
  expect(started).toMatchObject({ code: 202 });
  return updateEnd(program, started.data.update_id);
}

describe.each<[Kind, string]>([
  ['auto-removed', 'gone'],
  ['of two networks', 'wide'],
  ['of a moved tag', 'moved'],
  ['after a prune', 'pruned'],
])('a container %s', (kind, name) => {
  it('is as it was when its new version fails', async () => {
    await raise(`${name}-bad`, kind);
    const before = await lookOf(`${name}-bad`);
    await sandbox.publish(`${name}-bad:stable`, ['VOLUME /var/anonymous', ...CRASHES]);
    await meddleBeforeFailing(`${name}-bad`);

    const ended = await update(program, `${name}-bad`, { soak: 0 });

    expect({ status: ended.status, message: ended.message }).toMatchObject({ status: 'rollback' });
    expect(await lookOf(`${name}-bad`)).toEqual(before);
    expect(await namesAround(sandbox.docker, `${name}-bad`)).toEqual([`${name}-bad`]);
  });

  /** Only a prune can come in the middle of an update that does not wait for anybody. */
  async function meddleBeforeFailing(container: string): Promise<void> {
    if (kind === 'after a prune') await meddle(container, kind);
  }

  it('is as it was when a finished update is taken back by hand', async () => {
    await raise(`${name}-good`, kind);
    const before = await lookOf(`${name}-good`);
    await publishWeb(sandbox, `${name}-good:stable`, 'v2', ['VOLUME /var/anonymous']);
    const done = await update(program, `${name}-good`, { soak: 0 });
    expect(done).toMatchObject({ status: 'success' });
    expect(await pageOf(`${name}-good`)).toBe('v2');
    await meddle(`${name}-good`, kind);

    const back = await rollBack(done.id);

    expect({ status: back.status, message: back.message }).toMatchObject({ status: 'success' });
    expect(await lookOf(`${name}-good`)).toEqual(before);
    expect(await namesAround(sandbox.docker, `${name}-good`)).toEqual([`${name}-good`]);
  });
});
