import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { BatchInput, BatchProgress } from '../../contracts/batch.ts';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { CORE_TASK_QUEUE, hostTaskQueue } from '../../contracts/task-queues.ts';
import { STEP_ORDER, type UpdateInput, type UpdateProgress, type UpdateResult } from '../../contracts/update.ts';
import { updateWorkflowId } from '../../contracts/workflow-ids.ts';
import { startTemporal } from '../../embedded/temporal.ts';
import { findTemporalCli } from '../../embedded/temporal-cli.ts';
import { workflowBundle } from '../../worker/workflow-bundle.ts';
import { ACTIVITY_NAMES, type ActivityName, type ScriptedActivities } from './scripted-activities.ts';

export interface RunningUpdate {
  result(): Promise<UpdateResult>;
  progress(): Promise<UpdateProgress>;
  signal(name: string): Promise<void>;
}

export interface RunningBatch {
  names: string[];
  result(): Promise<BatchProgress>;
  progress(): Promise<BatchProgress>;
  cancel(): Promise<void>;
  /** Starts an update of one of its containers beside it, which has the lock. */
  startBeside(name: string): Promise<RunningUpdate>;
  /** Terminates one of its updates, as somebody might in the workflow server's UI. */
  terminate(position: number): Promise<void>;
}

export interface WorkflowRig {
  /** Starts an update of the real workflow that gets the script's answers. */
  start(script: ScriptedActivities): Promise<RunningUpdate>;
  /**
   * Starts a batch of the real workflow, an update for each script.
   * @param after by position, the positions of those that must have ended before
   * @param prepare runs before the batch, with the containers' names
   */
  startBatch(
    scripts: ScriptedActivities[],
    options: {
      maxParallel: number;
      after?: Record<number, number[]>;
      hosts?: string[];
      prepare?(batch: RunningBatch): Promise<void>;
    },
  ): Promise<RunningBatch>;
  stop(): Promise<void>;
}

const HOST_ID = 'scripted';
export const OTHER_HOST_ID = 'scripted-too';
/** Time-out of an activity that runs beside the workflow; the SDK's timer of one must not outlive its worker, or it panics. */
const LOCAL_ACTIVITY_TIMEOUT_MS = 10_000;

/** A real Temporal server and the real workflows; only the activities are scripted. */
export async function startWorkflowRig(): Promise<WorkflowRig> {
  // Failures on purpose are not news.
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'ERROR' } },
  });
  const dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-workflows-'));
  const notice = () => undefined;
  const cacheDirectory = path.join(os.tmpdir(), 'docker-auto-cache');
  const cliPath = await findTemporalCli({ cacheDirectory, env: process.env, notice });
  const server = await startTemporal({
    dataDirectory,
    cliPath,
    searchAttributes: SEARCH_ATTRIBUTES,
    namespace: 'default',
    log: notice,
  });
  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection });
  const native = await NativeConnection.connect({ address: server.address });
  const scripts = new Map<string, ScriptedActivities>();
  const activities = followScripts(scripts);
  const codePath = await workflowBundle(dataDirectory);
  const workers = await Promise.all([
    Worker.create({ connection: native, taskQueue: CORE_TASK_QUEUE, workflowBundle: { codePath }, activities }),
    Worker.create({ connection: native, taskQueue: hostTaskQueue(HOST_ID), activities }),
    Worker.create({ connection: native, taskQueue: hostTaskQueue(OTHER_HOST_ID), activities }),
  ]);
  const running = workers.map((worker) => worker.run());

  return {
    async start(script) {
      const containerName = `web-${scripts.size + 1}`;
      const workflowId = updateWorkflowId(HOST_ID, containerName);
      scripts.set(workflowId, script);
      const args: [UpdateInput] = [inputFor(containerName)];
      return runningUpdate(
        await client.workflow.start('updateContainer', { workflowId, taskQueue: CORE_TASK_QUEUE, args }),
      );
    },
    async startBatch(batched, { maxParallel, after = {}, hosts = [], prepare }) {
      const batchId = randomUUID();
      const items = batched.map((script, index) => {
        const containerName = `web-${scripts.size + 1}`;
        const hostId = hosts[index] ?? HOST_ID;
        scripts.set(updateWorkflowId(hostId, containerName), script);
        return { updateId: randomUUID(), hostId, containerName, after: [] as string[] };
      });
      for (const [index, item] of items.entries())
        item.after = (after[index] ?? []).flatMap((other) => items[other]?.updateId ?? []);
      const { force, backup, strategy, overrides, tenantId, requestedBy } = inputFor('');
      const input: BatchInput = {
        batchId,
        tenantId,
        requestedBy,
        items,
        maxParallel,
        update: { force, backup, strategy, overrides },
      };
      const handle = client.workflow.getHandle(`batch:${batchId}`);
      const batch: RunningBatch = {
        names: items.map(({ containerName }) => containerName),
        result: () => handle.result() as Promise<BatchProgress>,
        progress: () => handle.query<BatchProgress>('progress'),
        cancel: () => handle.signal('cancel'),
        async terminate(position) {
          const { hostId, containerName } = items[position] ?? { hostId: '', containerName: '' };
          await client.workflow.getHandle(updateWorkflowId(hostId, containerName)).terminate();
        },
        startBeside: async (name) =>
          runningUpdate(
            await client.workflow.start('updateContainer', {
              workflowId: updateWorkflowId(HOST_ID, name),
              taskQueue: CORE_TASK_QUEUE,
              args: [inputFor(name)],
            }),
          ),
      };
      await prepare?.(batch);
      await client.workflow.start('batchUpdate', {
        workflowId: handle.workflowId,
        taskQueue: CORE_TASK_QUEUE,
        args: [input],
      });
      return batch;
    },
    async stop() {
      await delay(LOCAL_ACTIVITY_TIMEOUT_MS);
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await native.close();
      await connection.close();
      await server.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** Activities that do what the script of the workflow that calls them says. */
function followScripts(
  scripts: ReadonlyMap<string, ScriptedActivities>,
): Record<string, (input: never) => Promise<unknown>> {
  const follow = (name: ActivityName) => (input: never) => {
    const workflowId = Context.current().info.workflowExecution?.workflowId ?? '';
    const script = scripts.get(workflowId);
    if (script === undefined) throw new Error(`no script for ${workflowId}`);
    return script.call(name, input);
  };
  return Object.fromEntries(ACTIVITY_NAMES.map((name) => [name, follow(name)]));
}

function inputFor(containerName: string): UpdateInput {
  return {
    updateId: randomUUID(),
    tenantId: 'default',
    hostId: HOST_ID,
    containerName,
    trigger: 'manual',
    requestedBy: 'test',
    mode: 'update',
    force: false,
    backup: true,
    strategy: 'recreate',
    overrides: { soakSeconds: 0, engineWaitSeconds: 5, registryWaitSeconds: 2 },
    stepOrder: STEP_ORDER,
  };
}

function runningUpdate(handle: WorkflowHandle): RunningUpdate {
  return {
    result: () => handle.result() as Promise<UpdateResult>,
    progress: () => handle.query<UpdateProgress>('progress'),
    signal: (name) => handle.signal(name),
  };
}
