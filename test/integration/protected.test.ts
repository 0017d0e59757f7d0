import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDockerEngine } from '../../activities/docker/engine/docker-engine.ts';
import type { Engine } from '../../activities/docker/engine/engine.ts';
import { createSurroundings, type OwnEndpoint } from '../../activities/docker/surroundings/own-surroundings.ts';
import { ownContainerIds } from '../../domain/own-container-id.ts';
import { protectedAs } from '../../domain/protected.ts';
import { freePort } from '../../embedded/free-port.ts';
import { type RealPostgres, startRealPostgres } from '../db/real-postgres.ts';
import { containerId, request, update } from '../rig/api-client.ts';
import { snapshotEngine } from '../rig/engine-snapshot.ts';
import { startProgramProcess } from '../rig/program-process.ts';
import { exec, pageNow, publishWeb, runContainer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';

let sandbox: Sandbox;
let engine: Engine;
let postgres: RealPostgres;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-protected-data-'));
  postgres = await startRealPostgres();
  sandbox = await startSandbox('protected');
  engine = createDockerEngine(sandbox.dockerHost);
  await publishWeb(sandbox, 'web:stable', 'v1', ['LABEL org.opencontainers.image.title=docker-auto']);
});

afterAll(async () => {
  await sandbox?.destroy();
  await postgres?.stop();
  await rm(directory, { recursive: true, force: true });
});

function runWeb(name: string, more: Record<string, unknown> = {}): Promise<string> {
  return runContainer(sandbox.docker, { name, Image: `${sandbox.registryHost}/web:stable`, ...more });
}

async function inspect(name: string) {
  const container = await engine.inspectContainer(name);
  if (container === null) throw new Error(`there is no container ${name}`);
  return container;
}

/** What a program in the container would see of itself. */
async function tracesIn(name: string) {
  const read = async (file: string) => (await exec(sandbox.docker, name, ['cat', file])).replaceAll('\r', '');
  return {
    mountinfo: await read('/proc/self/mountinfo'),
    cgroup: await read('/proc/self/cgroup'),
    hostname: await read('/proc/sys/kernel/hostname'),
  };
}

/** Why the container is protected from a program on this machine that is connected there. */
async function reason(name: string, endpoint: Omit<OwnEndpoint, 'what'>): Promise<string | null> {
  const endpoints = [{ what: 'its database', ...endpoint }];
  const own = await createSurroundings({ engine, dockerHost: sandbox.dockerHost, endpoints }).observe();
  return protectedAs(await inspect(name), own);
}

describe('the container that this program runs in', () => {
  it('is found by what the engine mounts into it, in whatever network and name spaces it is', async () => {
    const shapes: Array<[string, object]> = [
      ['own-plain', {}],
      ['own-host', { NetworkMode: 'host' }],
      ['own-private', { CgroupnsMode: 'private', NetworkMode: 'none' }],
      ['own-readonly', { ReadonlyRootfs: true }],
    ];
    for (const [name, HostConfig] of shapes) {
      const id = await runWeb(name, { HostConfig });
      const traces = await tracesIn(name);
      expect(ownContainerIds(traces)[0]).toBe(id);
      const own = await createSurroundings({ engine, dockerHost: sandbox.dockerHost, endpoints: [], traces }).observe();
      expect(protectedAs(await inspect(name), own)).toContain(
        `${name} is protected, also from --force: this program itself`,
      );
      await sandbox.docker.getContainer(id).remove({ force: true, v: true });
    }
  });

  it('is none on this machine, nor one that only this engine does not know', async () => {
    const surroundings = { engine, dockerHost: sandbox.dockerHost, endpoints: [] };
    expect((await createSurroundings(surroundings).observe()).container).toBeNull();
    const foreign = { mountinfo: '', cgroup: `0::/docker/${'a'.repeat(64)}`, hostname: 'aaaaaaaaaaaa' };
    expect((await createSurroundings({ ...surroundings, traces: foreign }).observe()).container).toBeNull();
  });

  it('has further parts, known by its image', async () => {
    await runWeb('core');
    await runWeb('agent');
    const traces = await tracesIn('core');
    const own = await createSurroundings({ engine, dockerHost: sandbox.dockerHost, endpoints: [], traces }).observe();
    expect(protectedAs(await inspect('agent'), own)).toContain('another part of it');
  });
});

describe('a container at the other end of a connection', () => {
  it('is found by its published port, its own address, and the address of the machine in its network', async () => {
    const port = await freePort();
    await runWeb('target', {
      HostConfig: { PortBindings: { '80/tcp': [{ HostPort: String(port) }] } },
      ExposedPorts: { '80/tcp': {} },
    });
    await runWeb('neighbour');
    expect(await pageNow(port)).toBe('v1');
    const { IPAddress, Gateway } = (await inspect('target')).NetworkSettings.Networks.bridge as Record<string, string>;

    for (const endpoint of [
      { host: '127.0.0.1', port },
      { host: 'localhost', port },
      { host: IPAddress ?? '', port: 80 },
      { host: Gateway ?? '', port },
    ]) {
      expect(await reason('target', endpoint)).toContain(`its database through it (${endpoint.host}:${endpoint.port})`);
      expect(await reason('neighbour', endpoint)).toBeNull();
    }
    expect(await reason('target', { host: '127.0.0.1', port: port + 1 })).toBeNull();
    expect(await reason('target', { host: 'no-such-name.invalid', port })).toBeNull();

    await sandbox.docker.getContainer('target').stop();
    expect(await reason('target', { host: '127.0.0.1', port })).toContain('its database');
  });

  it('is found by its name in a network of the program’s container', async () => {
    await sandbox.docker.createNetwork({ Name: 'stack' });
    const inStack = (alias: string) => ({
      HostConfig: { NetworkMode: 'stack' },
      NetworkingConfig: { EndpointsConfig: { stack: { Aliases: [alias] } } },
    });
    await runWeb('stack-app', inStack('app'));
    await runWeb('stack-postgres-1', inStack('postgres'));
    const own = await createSurroundings({
      engine,
      dockerHost: sandbox.dockerHost,
      endpoints: [{ what: 'its database', host: 'postgres', port: 5432 }],
      traces: await tracesIn('stack-app'),
    }).observe();
    const { Config: config, ...database } = await inspect('stack-postgres-1');
    // Of another image, as a database is.
    expect(protectedAs({ ...database, Config: { ...config, Labels: {} } }, own)).toContain('(postgres:5432)');
  });
});

describe('the whole program, whose database is reached through a container', () => {
  it('refuses to update that one, also by force, and says so everywhere; others are updated', async () => {
    const port = await freePort();
    const url = new URL(await postgres.emptyDatabase());
    const relay = ['nc', '-ll', '-p', String(port), '-e', 'nc', '127.0.0.1', url.port];
    await publishWeb(sandbox, 'relay:stable', 'v1');
    await runContainer(sandbox.docker, {
      name: 'relay',
      Image: `${sandbox.registryHost}/relay:stable`,
      Cmd: relay,
      ExposedPorts: { [`${port}/tcp`]: {} },
      HostConfig: { NetworkMode: 'host' },
    });
    await runContainer(sandbox.docker, { name: 'shop', Image: `${sandbox.registryHost}/relay:stable` });
    await publishWeb(sandbox, 'relay:stable', 'v2');
    url.port = String(port);
    const program = await startProgramProcess({
      dataDirectory: path.join(directory, 'program'),
      dockerHost: sandbox.dockerHost,
      env: { DATABASE_URL: url.href },
    });
    try {
      const id = await containerId(program, 'relay');
      const before = await snapshotEngine(sandbox.docker);

      const listed = await request(program, 'GET', '/containers?name=relay');
      const plan = await request(program, 'GET', `/containers/${id}/plan`);
      const refused = await update(program, 'relay', { soak: 0, force: true });

      expect(listed.data.items[0].update_policy).toBe('protected');
      const why = `relay is protected, also from --force: this program reaches its database through it (127.0.0.1:${port})`;
      expect(plan.data).toMatchObject({ would_update: false, steps: [], reason: expect.stringContaining(why) });
      expect(refused).toMatchObject({ status: 'failed', error_type: 'Protected' });
      expect(refused.message).toContain(why);
      expect(refused.message).toContain('Nothing was changed.');
      expect(await snapshotEngine(sandbox.docker)).toEqual(before);
      expect(await update(program, 'shop', { soak: 0 })).toMatchObject({ status: 'success' });
    } finally {
      await program.stop();
    }
  });
});
