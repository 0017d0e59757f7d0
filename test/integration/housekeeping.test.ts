import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { closeLostUpdates } from '../../activities/history/close-lost-updates.ts';
import { deliveryWorkflowId, updateWorkflowId } from '../../contracts/workflow-ids.ts';
import { DEFAULT_TENANT_ID } from '../../db/default-tenant.ts';
import { deliverRemaining } from '../../worker/deliver-remaining.ts';
import { describeRuns } from '../../worker/describe-run.ts';
import { type RealTemporal, startRealTemporal } from '../api/real-temporal.ts';
import { type FreshDatabase, type RealPostgres, startRealPostgres } from '../db/real-postgres.ts';
import { closingUpdate, openingUpdate } from '../db/samples.ts';

const HOUR_MS = 3_600_000;

let postgres: RealPostgres;
let database: FreshDatabase;
let temporal: RealTemporal;
let endPulls: () => void = () => undefined;
const pulling = new Promise<void>((resolve) => {
  endPulls = resolve;
});

beforeAll(async () => {
  postgres = await startRealPostgres();
  const { cipher } = await postgres.freshDatabase();
  temporal = await startRealTemporal(cipher);
});

afterAll(async () => {
  await temporal?.stop();
  await postgres?.stop();
});

beforeEach(async () => {
  database = await postgres.freshDatabase();
});

/** An update that runs, and its row. */
async function running(): Promise<{ updateId: string; name: string; handle: WorkflowHandleWithFirstExecutionRunId }> {
  const updateId = randomUUID();
  const name = `c-${updateId.slice(0, 8)}`;
  const workflowId = updateWorkflowId('local', name);
  const handle = await temporal.client.workflow.start('updateContainer', {
    workflowId,
    taskQueue: 'docker-auto',
    args: [{ updateId, containerName: name, mode: 'update' }],
    memo: { updateId },
  });
  const runId = handle.firstExecutionRunId;
  await database.repositories.updates.open(
    openingUpdate({ updateId, containerName: name, workflowId, runId, startedAt: new Date() }),
  );
  return { updateId, name, handle };
}

const webhook = { url: 'http://127.0.0.1:1/' };
const closeLost = () =>
  closeLostUpdates(database.repositories, { webhook }, describeRuns(temporal.client), new Date(Date.now() + 1000));
const rowOf = async (updateId: string) => database.repositories.updates.get(DEFAULT_TENANT_ID, updateId);

describe('an update of which no workflow remains', () => {
  let worker: { stop(): Promise<void> };

  beforeAll(async () => {
    worker = await temporal.startStubWorker({
      // What the updates that are ended from outside are busy with, until the test is over.
      pullImage: () => pulling,
      closeHistory: async () => undefined,
    });
  });

  afterAll(async () => {
    endPulls();
    await worker?.stop();
  });

  it('because it was terminated in the workflow server is closed, and says where to look', async () => {
    const { updateId, name, handle } = await running();
    await database.repositories.updates.setStatus(updateId, 'waiting');
    expect(await closeLost()).toEqual([]);

    await handle.terminate('by hand');
    expect(await closeLost()).toEqual([expect.objectContaining({ updateId, notifications: 1 })]);

    const uid = updateId.slice(-10);
    const row = await rowOf(updateId);
    expect(row).toMatchObject({ status: 'failed', errorType: 'Terminated', completedAt: expect.any(Date) });
    for (const told of [
      'ended from outside: its workflow was terminated in the workflow server',
      `see whether ${name} runs`,
      `${name}.next-${uid}, ${name}.previous-${uid} and the image docker-auto-keep:${uid} may be left`,
      `the next update of ${name} settles them`,
    ])
      expect(row?.message).toContain(told);
    expect(row?.events).toEqual([expect.objectContaining({ seq: 1, state: 'failed', cause: row?.message })]);
    const [left] = await database.repositories.outbox.pendingFor(updateId);
    expect(JSON.stringify(left?.payload)).toContain('it settles what was left');
    expect(await closeLost()).toEqual([]);
  });

  it('because its server knows nothing of it any more is closed too', async () => {
    const gone = openingUpdate({ runId: randomUUID(), workflowId: 'update:local:never', startedAt: new Date() });
    await database.repositories.updates.open(gone);
    const { updateId } = gone;
    await closeLost();
    expect((await rowOf(updateId))?.message).toContain('the workflow server does not know it any more');
  });

  it('but that told its end itself meanwhile keeps it', async () => {
    const { updateId, handle } = await running();
    await handle.terminate();
    const describe = describeRuns(temporal.client);
    const lost = await closeLostUpdates(
      database.repositories,
      {},
      async (update) => {
        const end = await describe(update);
        await database.repositories.updates.close(closingUpdate(updateId));
        return end;
      },
      new Date(Date.now() + 1000),
    );
    expect(lost).toEqual([]);
    expect(await rowOf(updateId)).toMatchObject({ status: 'success', events: [] });
  });

  it('is none that was reset in the workflow server and goes on as another run', async () => {
    const { updateId, handle } = await running();
    const { workflowService, options } = temporal.client;
    const execution = { workflowId: handle.workflowId };
    await untilWorkedOn(handle);
    await workflowService.resetWorkflowExecution({
      namespace: options.namespace,
      workflowExecution: execution,
      reason: 'by hand',
      workflowTaskFinishEventId: 4,
      requestId: randomUUID(),
    } as never);
    const first = await temporal.client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId).describe();
    expect(first.status.name).toBe('TERMINATED');

    expect(await closeLost()).toEqual([]);
    expect(await rowOf(updateId)).toMatchObject({ status: 'running' });
    await temporal.client.workflow.getHandle(handle.workflowId).terminate();
    expect(await closeLost()).toHaveLength(1);
  });

  it('is left in peace while it is young', async () => {
    const { updateId, handle } = await running();
    await handle.terminate();
    const before = (await rowOf(updateId))?.startedAt ?? new Date(0);
    expect(await closeLostUpdates(database.repositories, {}, describeRuns(temporal.client), before)).toEqual([]);
  });
});

/** Waits until a worker has done the run's first task. */
async function untilWorkedOn(handle: WorkflowHandleWithFirstExecutionRunId): Promise<void> {
  for (let waited = 0; waited < 20_000; waited += 50) {
    if ((await handle.describe()).historyLength > 4) return;
    await delay(50);
  }
  throw new Error('no worker took the workflow');
}

describe('notifications that were not delivered', () => {
  /** An ended update with one notification in the outbox. */
  async function undelivered(): Promise<string> {
    const { updateId } = openingUpdate();
    await database.repositories.updates.open(openingUpdate({ updateId }));
    const entry = {
      deliveryKey: `${updateId}:updated:webhook`,
      channel: 'webhook',
      event: 'updated',
      payload: {},
    } as const;
    await database.repositories.updates.close(closingUpdate(updateId, { notifications: [entry] }));
    return updateId;
  }
  const lines: string[] = [];
  const take = (options: { atStart: boolean; now?: number }) => {
    lines.length = 0;
    return deliverRemaining(temporal.client, database.repositories.outbox, {
      ...options,
      log: (line) => lines.push(line),
    });
  };
  const delivery = (updateId: string) => temporal.client.workflow.getHandle(deliveryWorkflowId(updateId));

  it('are taken up when the program starts, unless that is going on already', async () => {
    const updateId = await undelivered();
    expect(await take({ atStart: true })).toEqual([updateId]);
    expect(lines).toEqual([expect.stringContaining(`are tried again: ${updateId}`)]);
    expect((await delivery(updateId).describe()).status.name).toBe('RUNNING');
    expect(await take({ atStart: true })).toEqual([]);
    await delivery(updateId).terminate();
    expect(await take({ atStart: true })).toEqual([updateId]);
    await delivery(updateId).terminate();
  });

  it('rest for a day once their delivery was given up, and are let go after a week, which is said', async () => {
    const updateId = await undelivered();
    await take({ atStart: true });
    await delivery(updateId).terminate();

    expect(await take({ atStart: false, now: Date.now() + HOUR_MS / 2 })).toEqual([]);
    expect(lines).toEqual([expect.stringContaining('tried again in a day')]);
    expect(await take({ atStart: false, now: Date.now() + 23 * HOUR_MS })).toEqual([]);
    expect(lines).toEqual([]);
    expect(await take({ atStart: false, now: Date.now() + 25 * HOUR_MS })).toEqual([updateId]);
    await delivery(updateId).terminate();

    expect(await take({ atStart: true, now: Date.now() + 8 * 24 * HOUR_MS })).toEqual([]);
    expect(lines).toEqual(['1 notification(s) older than 7 days were never delivered and are let go.']);
  });

  it('are left alone once they were delivered', async () => {
    const updateId = await undelivered();
    for (const { id } of await database.repositories.outbox.pendingFor(updateId))
      await database.repositories.outbox.markDelivered(id, new Date());
    expect(await take({ atStart: true })).toEqual([]);
  });
});
