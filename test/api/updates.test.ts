import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { createTemporalGateway } from '../../api/temporal-gateway.ts';
import { planSchema } from '../../contracts/api/containers.ts';
import { envelopeSchema, errorEnvelopeSchema } from '../../contracts/api/envelope.ts';
import { checkResultSchema } from '../../contracts/api/images.ts';
import { updateDetailSchema, updateSignalledSchema, updateStartedSchema } from '../../contracts/api/updates.ts';
import { type FreshDatabase, startRealPostgres } from '../db/real-postgres.ts';
import { closingUpdate, digest, inventoryItem, NOON, TENANT } from '../db/samples.ts';
import { type Answered, type ApiUnderTest, startApiUnderTest } from './api-under-test.ts';
import { type RealTemporal, startRealTemporal } from './real-temporal.ts';
import type { StubActivities } from './stub-workflows.ts';

const NAMES = [
  'web',
  'locked',
  'untaken',
  'stuck',
  'pulling',
  'waiting',
  'fails-ContainerNotFound',
  'fails-CreateRejected',
  'fails-RegistryUnavailable',
  'fails-Unexpected',
];

let database: FreshDatabase;
let temporal: RealTemporal;
let api: ApiUnderTest;
const closers: Array<() => Promise<void>> = [];

beforeAll(async () => {
  const postgres = await startRealPostgres();
  closers.push(() => postgres.stop());
  database = await postgres.freshDatabase();
  temporal = await startRealTemporal(database.cipher);
  closers.push(() => temporal.stop());
  api = await startApiUnderTest({
    database,
    temporal: createTemporalGateway(temporal.client, { planMs: 4_000, checkMs: 4_000 }),
  });
  closers.push(() => api.stop());
  const { containers } = database.repositories;
  await containers.saveInventory({
    tenantId: TENANT,
    hostId: 'local',
    items: NAMES.map((name) => inventoryItem(name)),
    at: NOON,
  });
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

async function at(name: string, path: string, hostId = 'local'): Promise<string> {
  const container = await database.repositories.containers.findByName(TENANT, hostId, name);
  return `/api/v1/containers/${container?.id}/${path}`;
}

/** Asks until it is so; the answer that was. */
async function eventually(
  path: string,
  isSo: (data: Answered['body']['data']) => boolean,
): Promise<Answered['body']['data']> {
  for (const end = Date.now() + 15_000; ; await delay(100)) {
    const { body } = await api.call('GET', path);
    if (isSo(body.data) || Date.now() > end) return body.data;
  }
}

describe('without any worker', () => {
  it('starts an update, has it in the history at once, and gives its id to whoever asks for a second', async () => {
    const first = await api.call('POST', await at('locked', 'update'), { body: { force: true, soak: 0 } });
    expect(first).toMatchObject({
      status: 202,
      body: { data: { workflow_id: 'update:local:locked', status: 'running', result: null } },
    });
    expect(envelopeSchema(updateStartedSchema).safeParse(first.body).error).toBeUndefined();
    const { update_id: id } = first.body.data;

    const second = await api.call('POST', await at('locked', 'update'));
    expect(second).toMatchObject({
      status: 409,
      body: { data: { update_id: id, workflow_id: 'update:local:locked' } },
    });
    expect(errorEnvelopeSchema.safeParse(second.body).error).toBeUndefined();

    const detail = await api.call('GET', `/api/v1/updates/${id}`);
    expect(envelopeSchema(updateDetailSchema).safeParse(detail.body).error).toBeUndefined();
    expect(detail.body.data).toMatchObject({
      container_name: 'locked',
      requested_by: 'local',
      triggered_by: 'manual',
      status: 'running',
      live: { status: 'running', step: null },
    });
    expect(detail.body.data.run_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('starts one of two updates that are asked for at the same time', async () => {
    const path = await at('untaken', 'update');
    const both = await Promise.all([api.call('POST', path), api.call('POST', path)]);
    expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(both[0].body.data.update_id).toBe(both[1].body.data.update_id);
  });

  it('takes cancel, pause and resume for a running update, and refuses once its run has ended', async () => {
    const { body } = await api.call('GET', '/api/v1/updates/history?status=running');
    const { id, workflow_id: workflowId } = body.data.items.find(
      (item: { container_name: string }) => item.container_name === 'locked',
    );
    for (const verb of ['pause', 'resume', 'cancel']) {
      const answer = await api.call('POST', `/api/v1/updates/${id}/${verb}`);
      expect(answer).toMatchObject({
        status: 202,
        body: { data: { update_id: id, workflow_id: workflowId, status: 'running' } },
      });
      expect(envelopeSchema(updateSignalledSchema).safeParse(answer.body).error).toBeUndefined();
    }
    await temporal.client.workflow.getHandle(workflowId).terminate();
    const late = await api.call('POST', `/api/v1/updates/${id}/cancel`);
    expect({ status: late.status, data: late.body.data }).toEqual({ status: 409, data: null });
  });

  it('says what an update waits for when nobody works', async () => {
    const { body } = await api.call('GET', '/api/v1/updates/history?status=running');
    const { id } = body.data.items.find((item: { container_name: string }) => item.container_name === 'untaken');
    const { live } = await eventually(`/api/v1/updates/${id}`, (data) => data.live?.waiting_for !== null);
    expect(live.waiting_for).toMatchObject({
      activity: 'workflow',
      attempt: 1,
      reason: expect.stringContaining('No worker'),
    });
  });

  it('gives up a plan and a check in time, naming what is away', async () => {
    const answers = await Promise.all([
      api.call('GET', await at('web', 'plan')),
      api.call('GET', '/api/v1/images/check'),
    ]);
    for (const { status, body } of answers) {
      expect({ status, data: body.data }).toEqual({ status: 503, data: null });
      expect(body.message).toContain('No worker takes workflows from task queue docker-auto');
    }
  });

  it('writes nothing readable to the workflow server but ids and names', async () => {
    const description = await temporal.client.workflow.getHandle('update:local:untaken').describe();
    expect(description.typedSearchAttributes.getAll()).toHaveLength(3);
    const history = await temporal.client.workflow.getHandle('update:local:untaken').fetchHistory();
    const [payload] = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    expect(Buffer.from(payload?.data ?? []).toString('latin1')).not.toContain('untaken');
  });
});

describe('with a worker', () => {
  const activities: StubActivities = {
    async pullImage({ containerName }) {
      if (containerName === 'stuck')
        throw ApplicationFailure.retryable('The engine’s socket is not there.', 'EngineUnavailable');
      const context = Context.current();
      for (let bytesDone = 10; ; bytesDone += 10) {
        context.heartbeat(
          containerName === 'waiting' ? { waitingFor: 'Another one is first.' } : { bytesDone, bytesTotal: 1000 },
        );
        await context.sleep(100);
      }
    },
    async closeHistory({ updateId, containerName }) {
      const status = containerName === 'web' ? 'success' : 'cancelled';
      await delay(300);
      await database.repositories.updates.close(closingUpdate(updateId, { status }));
    },
  };

  beforeAll(async () => {
    const worker = await temporal.startStubWorker(activities);
    closers.push(() => worker.stop());
  });

  it('holds the answer back for the outcome', async () => {
    const answer = await api.call('POST', await at('web', 'update'), { body: { wait: 30 } });
    expect(envelopeSchema(updateStartedSchema).safeParse(answer.body).error).toBeUndefined();
    expect(answer).toMatchObject({
      status: 200,
      body: { data: { status: 'success', result: { status: 'success', container_name: 'web' } } },
    });
  });

  it('rolls an update back by an update that names it', async () => {
    const { body } = await api.call('GET', '/api/v1/updates/history?status=success');
    const [{ id, container_id: containerId }] = body.data.items;
    await database.repositories.backups.save({
      updateId: id,
      tenantId: TENANT,
      containerId,
      sealedInspect: Buffer.from('x'),
      sealedImageInspect: Buffer.from('x'),
      imageId: digest('1'),
      digest: digest('1'),
      imageReference: 'nginx:1.25',
      keepTag: 'docker-auto/keep:1',
      volumes: [],
    });
    const answer = await api.call('POST', `/api/v1/updates/${id}/rollback`, { body: { wait: 30 } });
    expect(answer).toMatchObject({
      status: 200,
      body: { data: { result: { rollback_of: id, triggered_by: 'manual' } } },
    });
  });

  it('does not wait for longer than it was told, then tells why an update is stuck until it is cancelled', async () => {
    const started = await api.call('POST', await at('stuck', 'update'), { body: { wait: 1 } });
    expect(started).toMatchObject({ status: 202, body: { data: { status: 'running', result: null } } });
    const path = `/api/v1/updates/${started.body.data.update_id}`;
    const { live, events } = await eventually(path, (data) => data.live?.waiting_for?.attempt > 1);
    expect(live).toMatchObject({
      step: 'pull',
      paused: false,
      waiting_for: { activity: 'pullImage', reason: 'The engine’s socket is not there.' },
    });
    expect(events).toMatchObject([{ seq: 1, step: 'pull', state: 'started' }]);
    await api.call('POST', `${path}/pause`);
    expect((await eventually(path, (data) => data.live?.paused)).live.paused).toBe(true);
    await api.call('POST', `${path}/resume`);
    await api.call('POST', `${path}/cancel`);
    const ended = await eventually(path, (data) => data.status !== 'running');
    expect(ended).toMatchObject({ status: 'cancelled', live: null });
  });

  it('tells the bytes of a running pull', async () => {
    const started = await api.call('POST', await at('pulling', 'update'));
    const path = `/api/v1/updates/${started.body.data.update_id}`;
    const { live } = await eventually(path, (data) => data.live?.pull);
    expect(live).toMatchObject({ waiting_for: null, pull: { bytes_done: expect.any(Number), bytes_total: 1000 } });
    await api.call('POST', `${path}/cancel`);
  });

  it('tells what an activity says that it waits for', async () => {
    const started = await api.call('POST', await at('waiting', 'update'));
    const path = `/api/v1/updates/${started.body.data.update_id}`;
    const { live } = await eventually(path, (data) => data.live?.waiting_for);
    expect(live).toMatchObject({ waiting_for: { reason: 'Another one is first.' }, pull: null });
    await api.call('POST', `${path}/cancel`);
  });

  it('answers with the plan', async () => {
    const { status, body } = await api.call('GET', `${await at('web', 'plan')}?target=1.26`);
    expect(status).toBe(200);
    expect(envelopeSchema(planSchema).safeParse(body).error).toBeUndefined();
    expect(body.data).toMatchObject({
      would_update: true,
      candidate: { reference: 'nginx:1.26', image_id: null },
      steps: [{ step: 'inspect' }],
    });
  });

  it.each([
    ['ContainerNotFound', 404, 'It is ContainerNotFound.'],
    ['CreateRejected', 422, 'It is CreateRejected.'],
    ['RegistryUnavailable', 503, 'The registry is not available: It is RegistryUnavailable.'],
    ['Unexpected', 500, 'Something went wrong here'],
  ])('makes a plan that fails as %s a %i', async (type, code, message) => {
    const { status, body } = await api.call('GET', await at(`fails-${type}`, 'plan'));
    expect({ status, data: body.data }).toEqual({ status: code, data: null });
    expect(body.message).toContain(message);
  });

  it('has an error of one container in its row, of one host in its containers’ rows, of all hosts in the answer', async () => {
    const { containers } = database.repositories;
    await containers.saveInventory({ tenantId: TENANT, hostId: 'nas', items: [inventoryItem('db')], at: NOON });
    const id = async (name: string, host: string) => (await containers.findByName(TENANT, host, name))?.id;
    const local = await id('web', 'local');
    const nas = await id('db', 'nas');
    const both = await api.call('GET', `/api/v1/images/check?container_id=${local}&container_id=${nas}&force=true`);
    expect(both.status).toBe(200);
    expect(envelopeSchema(checkResultSchema).safeParse(both.body).error).toBeUndefined();
    expect(both.body.data.items).toMatchObject([
      { container_name: 'web', host_id: 'local', verdict: 'error', outdated: false, reason: 'The registry refused.' },
      {
        container_name: 'db',
        host_id: 'nas',
        verdict: 'error',
        reason: expect.stringContaining('engine of host "nas"'),
      },
    ]);
    const one = await api.call('GET', `/api/v1/images/check?container_id=${nas}`);
    expect({ status: one.status, data: one.body.data }).toEqual({ status: 503, data: null });
  });
});

describe('stopping the API', () => {
  it('lets a running request end, takes no new ones, and then is gone', async () => {
    const gateway = createTemporalGateway(temporal.client);
    const slow = { ...gateway, isAvailable: () => delay(500, true) };
    const stopping = await startApiUnderTest({ database, temporal: slow });
    const running = stopping.call('GET', '/health');
    await delay(100);
    const stopped = stopping.stop();
    await expect(stopping.call('GET', '/livez')).rejects.toThrow('ECONNREFUSED');
    expect((await running).status).toBe(200);
    await stopped;
    await stopping.stop();
  });
});
