import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { updateWorkflowId } from '../../contracts/workflow-ids.ts';
import { type EmbeddedTemporal, startTemporal } from '../../embedded/temporal.ts';
import { findTemporalCli } from '../../embedded/temporal-cli.ts';
import { PauseOrders } from '../drill/pauses.ts';
import { type Answer, request, startUpdate, update, updateEnd } from '../rig/api-client.ts';
import { type ProgramProcess, startProgramProcess } from '../rig/program-process.ts';
import { namesAround, publishWeb, runContainer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';

let sandbox: Sandbox;
let server: EmbeddedTemporal;
let connection: Connection;
let client: Client;
let directory: string;
let program: ProgramProcess | null = null;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-lost-'));
  const notice = () => undefined;
  server = await startTemporal({
    dataDirectory: path.join(directory, 'temporal'),
    cliPath: await findTemporalCli({
      cacheDirectory: path.join(os.tmpdir(), 'docker-auto-cache'),
      env: process.env,
      notice,
    }),
    searchAttributes: SEARCH_ATTRIBUTES,
    namespace: 'default',
    log: notice,
  });
  connection = await Connection.connect({ address: server.address });
  client = new Client({ connection });
  sandbox = await startSandbox('lost-engine');
});

afterAll(async () => {
  await program?.stop();
  await sandbox?.destroy();
  await connection?.close();
  await server?.stop();
  await rm(directory, { recursive: true, force: true });
});

const dataDirectory = () => path.join(directory, 'data');
const inspect = (name: string) => sandbox.docker.getContainer(name).inspect();
const publish = (name: string, version: string) => publishWeb(sandbox, `${name}:stable`, version);

const orders = () => new PauseOrders(dataDirectory());

/** Starts the program, which stands still before the given activity or engine call of that container's update. */
async function serve(pause?: { container: string; point: string }): Promise<ProgramProcess> {
  if (pause !== undefined) orders().order(pause.container, { point: pause.point, when: 'before' });
  program = await startProgramProcess({
    dataDirectory: dataDirectory(),
    dockerHost: sandbox.dockerHost,
    env: {
      TEMPORAL_ADDRESS: server.address,
      INVENTORY_SECONDS: '1',
    },
    ...(pause === undefined ? {} : { script: 'test/drill/serve-with-pauses.ts' }),
  });
  return program;
}

async function runFirst(name: string): Promise<void> {
  await publish(name, 'v1');
  await runContainer(sandbox.docker, {
    name,
    Image: `${sandbox.registryHost}/${name}:stable`,
    HostConfig: { RestartPolicy: { Name: 'unless-stopped' } },
  });
}

/** Waits until `look` finds what it looks for. */
async function until<Found>(what: string, look: () => Promise<Found | null>, withinMs = 30_000): Promise<Found> {
  for (let waited = 0; waited < withinMs; waited += 250) {
    const found = await look();
    if (found !== null) return found;
    await delay(250);
  }
  throw new Error(`${what} did not come within ${withinMs / 1000} s:\n${program?.output()}`);
}

describe('an update that was terminated in the workflow server while its container was down', () => {
  let lost: string;
  let terminatedAt: number;

  it('is settled by the next update, which gives the container its restart policy back', async () => {
    await runFirst('web');
    await publish('web', 'v2');
    const standing = await serve({ container: 'web', point: 'engine:startContainer' });
    lost = await startUpdate(standing, 'web');
    await until('the stop', async () => (orders().stands('web') ? true : null));
    const policy = (await inspect(`web.previous-${lost.slice(-10)}`)).HostConfig.RestartPolicy?.Name;
    expect(policy).toBe('no');
    await client.workflow.getHandle(updateWorkflowId('local', 'web')).terminate('by hand');
    terminatedAt = Date.now();
    await standing.kill();

    const next = await startUpdateOf(await serve(), 'web');
    const ended = await updateEnd(next.program, next.updateId);

    expect({ message: ended.message, ...ended }).toMatchObject({ status: 'success' });
    expect(await namesAround(sandbox.docker, 'web')).toEqual(['web']);
    const after = await inspect('web');
    expect(after.State.Running).toBe(true);
    expect(after.Config.Env).toContain('APP_VERSION=v2');
    expect(after.HostConfig.RestartPolicy?.Name).toBe('unless-stopped');
    const told = ended.events.flatMap(({ detail }: Answer['data']) => detail.leftovers ?? []).join(' ');
    expect(told).toContain('Started web');
    expect(told).toContain('Gave web its restart policy unless-stopped back');
    expect(told).not.toContain('look at it');
  });

  it('is shown as failed soon after, with how it ended and what to do', async () => {
    const ended = await until(
      'the end of the history',
      async () => {
        const { data } = await request(program as ProgramProcess, 'GET', `/updates/${lost}`);
        return data.status === 'running' || data.status === 'waiting' ? null : data;
      },
      // A minute of age, and one between two looks.
      130_000,
    );

    expect(ended).toMatchObject({ status: 'failed', error_type: 'Terminated' });
    expect(ended.message).toContain('its workflow was terminated in the workflow server');
    expect(ended.message).toContain('the next update of web settles them');
    expect(Date.parse(ended.completed_at)).toBeGreaterThan(terminatedAt);
  }, 140_000);
});

/** Starts an update although the lists may not know the container under its name just now. */
async function startUpdateOf(
  running: ProgramProcess,
  name: string,
): Promise<{ program: ProgramProcess; updateId: string }> {
  const list = await request(running, 'GET', `/containers?name=${name}&status=all`);
  const answer = await request(running, 'POST', `/containers/${list.data.items[0].id}/update`, { soak: 0 });
  expect(answer.code).toBe(202);
  return { program: running, updateId: answer.data.update_id };
}

describe('what a successful update left behind', () => {
  it('goes with the next one, and is not brought back although the container was stopped since', async () => {
    const serving = program as ProgramProcess;
    await runFirst('shop');
    const first = (await inspect('shop')).Image;
    await publish('shop', 'v2');
    const done = await update(serving, 'shop', { soak: 0 });
    expect(done).toMatchObject({ status: 'success' });
    // As if the commit had not got to removing it.
    await sandbox.docker.createContainer({ name: `shop.previous-${done.id.slice(-10)}`, Image: first });
    await sandbox.docker.getContainer('shop').stop({ t: 0 });
    await publish('shop', 'v3');

    const ended = await update(serving, 'shop', { soak: 0 });

    expect({ message: ended.message, ...ended }).toMatchObject({ status: 'success' });
    expect(await namesAround(sandbox.docker, 'shop')).toEqual(['shop']);
    const after = await inspect('shop');
    expect(after.Config.Env).toContain('APP_VERSION=v3');
    expect(after.State.Running).toBe(false);
  });
});

describe('the list of containers', () => {
  it('follows what is done to them by hand, without a check', async () => {
    const serving = program as ProgramProcess;
    const statusOf = async (name: string): Promise<string | null> => {
      const { data } = await request(serving, 'GET', `/containers?name=${name}&status=all`);
      return data.items[0]?.status ?? null;
    };
    await publish('live', 'v1');
    await runContainer(sandbox.docker, { name: 'live', Image: `${sandbox.registryHost}/live:stable` });
    await until('the new one', async () => ((await statusOf('live')) === 'running' ? true : null));
    await sandbox.docker.getContainer('live').stop({ t: 0 });
    await until('its stop', async () => ((await statusOf('live')) === 'stopped' ? true : null));
    await sandbox.docker.getContainer('live').remove();
    await until('its end', async () => ((await statusOf('live')) === null ? true : null));
  });
});
