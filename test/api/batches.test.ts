import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTemporalGateway } from '../../api/temporal-gateway.ts';
import { batchSchema, batchSignalledSchema, batchStartedSchema } from '../../contracts/api/batches.ts';
import { envelopeSchema, errorEnvelopeSchema } from '../../contracts/api/envelope.ts';
import { type FreshDatabase, startRealPostgres } from '../db/real-postgres.ts';
import { closingUpdate, inventoryItem, NOON, openingUpdate, TENANT } from '../db/samples.ts';
import { type Answered, type ApiUnderTest, startApiUnderTest } from './api-under-test.ts';
import { type RealTemporal, startRealTemporal } from './real-temporal.ts';
import type { StubActivities } from './stub-workflows.ts';

const BATCHES = '/api/v1/updates/batch';

let database: FreshDatabase;
let temporal: RealTemporal;
let api: ApiUnderTest;
/** Let go of them one by one. */
const held = new Map<string, () => void>();
const closers: Array<() => Promise<void>> = [];

const labelled = (name: string, dependsOn: string) =>
  inventoryItem(name, { configJson: { Config: { Labels: { 'docker-auto.depends-on': dependsOn } } } });

const activities: StubActivities = {
  pullImage: () => Promise.reject(new Error('not for these')),
  // The stub has no history of its own to open, so it opens it here.
  async closeHistory({ updateId, containerName, hostId, trigger, requestedBy, batchId }) {
    const { updates } = database.repositories;
    if (trigger !== 'batch') throw new Error(`trigger is ${trigger}`);
    const opening = { updateId, hostId, containerName, requestedBy, batchId: batchId ?? null };
    await updates.open(openingUpdate({ ...opening, triggeredBy: 'batch' }));
    if (containerName.startsWith('held')) await new Promise<void>((resolve) => held.set(containerName, resolve));
    await updates.close(closingUpdate(updateId));
  },
};

beforeAll(async () => {
  const postgres = await startRealPostgres();
  closers.push(() => postgres.stop());
  database = await postgres.freshDatabase();
  temporal = await startRealTemporal(database.cipher);
  closers.push(() => temporal.stop());
  api = await startApiUnderTest({ database, temporal: createTemporalGateway(temporal.client) });
  closers.push(() => api.stop());
  await database.repositories.containers.saveInventory({
    tenantId: TENANT,
    hostId: 'local',
    items: [
      ...['held-a', 'held-b', 'held-c', 'db', 'alone', 'unworked'].map((name) => inventoryItem(name)),
      labelled('web', 'app'),
      labelled('app', 'db'),
      labelled('hen', 'egg'),
      labelled('egg', 'hen'),
    ],
    at: NOON,
  });
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

async function ids(...names: string[]): Promise<string[]> {
  const { containers } = database.repositories;
  return Promise.all(names.map(async (name) => (await containers.findByName(TENANT, 'local', name))?.id ?? ''));
}

/** Asks until it is so; the answer that was. */
async function eventually(
  id: string,
  isSo: (data: Answered['body']['data']) => boolean,
): Promise<Answered['body']['data']> {
  for (const end = Date.now() + 20_000; ; await delay(100)) {
    const { body } = await api.call('GET', `${BATCHES}/${id}`);
    if (isSo(body.data) || Date.now() > end) return body.data;
  }
}

const statesOf = (data: Answered['body']['data']) =>
  data.updates.map(({ container_name, state }: { container_name: string; state: string }) => [container_name, state]);

describe('without any worker', () => {
  it('starts a batch, and tells at once what belongs to it', async () => {
    const wanted = await ids('unworked', 'alone');
    const started = await api.call('POST', BATCHES, { body: { container_ids: [...wanted, wanted[0]] } });
    expect(started.status).toBe(202);
    expect(envelopeSchema(batchStartedSchema).safeParse(started.body).error).toBeUndefined();
    const { batch_id: id, updates } = started.body.data;
    expect(updates.map(({ container_id }: { container_id: string }) => container_id)).toEqual(wanted);

    const told = await api.call('GET', `${BATCHES}/${id}`);
    expect(envelopeSchema(batchSchema).safeParse(told.body).error).toBeUndefined();
    expect(told.body.data).toMatchObject({ running: true, max_parallel: 2, counts: { queued: 2 } });
    expect((await api.call('GET', `/api/v1/updates/${updates[0].update_id}`)).status).toBe(404);
    await temporal.client.workflow.getHandle(`batch:${id}`).terminate();
  });

  it('says that it knows no such batch', async () => {
    const none = randomUUID();
    for (const [method, path] of [
      ['GET', `${BATCHES}/${none}`],
      ['POST', `${BATCHES}/${none}/cancel`],
    ] as const) {
      const { status, body } = await api.call(method, path);
      expect({ status, data: body.data }).toEqual({ status: 404, data: null });
      expect(body.message).toContain(none);
    }
  });

  it('refuses containers that depend on each other in a circle, and names it', async () => {
    const [web = '', hen = '', egg = ''] = await ids('web', 'hen', 'egg');
    const { status, body } = await api.call('POST', BATCHES, { body: { container_ids: [web, hen, egg] } });
    expect(status).toBe(422);
    expect(errorEnvelopeSchema.safeParse(body).error).toBeUndefined();
    expect(body.message).toContain('hen → egg → hen');
    expect(body.data).toEqual({ cycle: ['hen', 'egg', 'hen'], container_ids: [hen, egg] });
  });

  it('still tells what was begun of a batch that the workflow server has forgotten', async () => {
    const batchId = randomUUID();
    const { updates } = database.repositories;
    const opening = openingUpdate({ containerName: 'alone', batchId, triggeredBy: 'batch' });
    await updates.open(opening);
    await updates.close(closingUpdate(opening.updateId, { status: 'rollback' }));
    const { status, body } = await api.call('GET', `${BATCHES}/${batchId}`);
    expect(status).toBe(200);
    expect(envelopeSchema(batchSchema).safeParse(body).error).toBeUndefined();
    expect(body.data).toMatchObject({ running: false, max_parallel: null, counts: { rollback: 1 } });
  });
});

describe('with a worker', () => {
  beforeAll(async () => {
    const worker = await temporal.startStubWorker(activities);
    closers.push(() => worker.stop());
  });

  it('has the updates take turns in the order of their dependencies, and the history say where they belong', async () => {
    const { body } = await api.call('POST', BATCHES, { body: { container_ids: await ids('web', 'db', 'app') } });
    const { batch_id: id, updates } = body.data;
    expect(updates.map(({ container_id }: { container_id: string }) => container_id)).toEqual(
      await ids('db', 'app', 'web'),
    );
    const ended = await eventually(id, ({ running }) => !running);
    expect(statesOf(ended)).toEqual([
      ['db', 'success'],
      ['app', 'success'],
      ['web', 'success'],
    ]);
    expect(ended).toMatchObject({ counts: { success: 3 } });
    const history = await api.call('GET', '/api/v1/updates/history?triggered_by=batch');
    const ofBatch = history.body.data.items.filter(({ batch_id }: { batch_id: string }) => batch_id === id);
    expect(ofBatch).toHaveLength(3);
    expect(await api.call('POST', `${BATCHES}/${id}/cancel`)).toMatchObject({ status: 409, body: { data: null } });
  });

  it('runs as many as were asked for, and begins no more once it is cancelled', async () => {
    const { body } = await api.call('POST', BATCHES, {
      body: { container_ids: await ids('held-a', 'held-b', 'held-c'), max_parallel: 1 },
    });
    const { batch_id: id } = body.data;
    expect(statesOf(await eventually(id, ({ counts }) => counts.running === 1))).toEqual([
      ['held-a', 'running'],
      ['held-b', 'queued'],
      ['held-c', 'queued'],
    ]);

    const cancelled = await api.call('POST', `${BATCHES}/${id}/cancel`);
    expect(cancelled.status).toBe(202);
    expect(envelopeSchema(batchSignalledSchema).safeParse(cancelled.body).error).toBeUndefined();
    const left = await eventually(id, ({ counts }) => counts.not_started === 2);
    expect(left).toMatchObject({ running: true, cancel_requested: true });
    held.get('held-a')?.();

    const ended = await eventually(id, ({ running }) => !running);
    expect(ended.updates).toMatchObject([
      { state: 'success', why: null },
      { state: 'not_started', why: 'The batch was cancelled before its turn.' },
      { state: 'not_started' },
    ]);
  });
});
