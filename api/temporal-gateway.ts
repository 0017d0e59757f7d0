import { type Client, isGrpcDeadlineError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { BatchInput, BatchMemo } from '../contracts/batch.ts';
import type { CheckInput, CheckResult } from '../contracts/check.ts';
import { CORE_TASK_QUEUE } from '../contracts/task-queues.ts';
import {
  CANCEL_SIGNAL,
  PAUSE_SIGNAL,
  RESUME_SIGNAL,
  STEP_ORDER,
  type UpdateInput,
  type UpdateResult,
} from '../contracts/update.ts';
import { batchWorkflowId, checkWorkflowId, planWorkflowId } from '../contracts/workflow-ids.ts';
import { type KnownBatch, readBatch, startBatch } from './temporal/batches.ts';
import { mapTemporalError } from './temporal/map-temporal-error.ts';
import { type RunningProgress, readProgress } from './temporal/read-progress.ts';
import { runToResult } from './temporal/run-to-result.ts';
import { type StartedUpdate, searchAttributes, startUpdate } from './temporal/start-update.ts';

/** A run of an update; `runId` keeps a message from reaching the container's next update. */
export interface UpdateRun {
  workflowId: string;
  runId: string | null;
}

/**
 * All that the API asks of the workflow server. Every method throws an HttpError 503 naming the part when the server, or
 * what a plan or check needs, is away.
 */
export interface TemporalGateway {
  startUpdate(input: UpdateInput): Promise<StartedUpdate>;
  progress(run: UpdateRun): Promise<RunningProgress>;
  /** Waits until the run has ended, well or not. @returns false when it still runs after `patienceMs`. */
  waitForEnd(run: UpdateRun, patienceMs: number): Promise<boolean>;
  /** @returns false when the run has ended, as the next two do. */
  cancel(run: UpdateRun): Promise<boolean>;
  pause(run: UpdateRun): Promise<boolean>;
  resume(run: UpdateRun): Promise<boolean>;
  startBatch(input: BatchInput, memo: BatchMemo): Promise<void>;
  /** Null when the server knows no batch of that id, any more or at all. */
  batch(batchId: string): Promise<KnownBatch | null>;
  /** @returns false when the batch has ended. */
  cancelBatch(batchId: string): Promise<boolean>;
  /** @param requestId keeps plans of one container apart. */
  plan(input: UpdateInput, requestId: string): Promise<UpdateResult>;
  check(input: CheckInput, requestId: string): Promise<CheckResult>;
  isAvailable(): Promise<boolean>;
}

export interface TemporalPatience {
  /** Milliseconds that a caller waits for a plan; default 60,000. */
  planMs?: number;
  /** Milliseconds that a caller waits for a check; default 120,000. The check itself goes on for 30 minutes at most. */
  checkMs?: number;
}

/** Milliseconds for a short question to the server. */
const ANSWER_MS = 5_000;
/** Health asks often and itself waits no longer. */
const SIGN_OF_LIFE_MS = 700;

/** The gateway over a client that has the payload codec already. */
export function createTemporalGateway(client: Client, patience: TemporalPatience = {}): TemporalGateway {
  const { planMs = 60_000, checkMs = 120_000 } = patience;

  async function ask<Answer>(question: () => Promise<Answer>, patienceMs = ANSWER_MS): Promise<Answer> {
    try {
      return await client.withDeadline(Date.now() + patienceMs, question);
    } catch (error) {
      throw mapTemporalError(error);
    }
  }

  async function signal({ workflowId, runId }: UpdateRun, name: string): Promise<boolean> {
    try {
      await ask(() => client.workflow.getHandle(workflowId, runId ?? undefined).signal(name));
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  return {
    startUpdate: (input) => ask(() => startUpdate(client, input)),
    progress: ({ workflowId, runId }) => ask(() => readProgress(client, workflowId, runId ?? undefined)),
    cancel: (run) => signal(run, CANCEL_SIGNAL),
    pause: (run) => signal(run, PAUSE_SIGNAL),
    resume: (run) => signal(run, RESUME_SIGNAL),
    startBatch: (input, memo) => ask(() => startBatch(client, input, memo)),
    batch: (batchId) => ask(() => readBatch(client, batchId)),
    cancelBatch: (batchId) => signal({ workflowId: batchWorkflowId(batchId), runId: null }, CANCEL_SIGNAL),

    async waitForEnd({ workflowId, runId }, patienceMs) {
      try {
        await client.withDeadline(Date.now() + patienceMs, () =>
          client.workflow.getHandle(workflowId, runId ?? undefined).result(),
        );
        return true;
      } catch (error) {
        // A run that failed has ended as well; a server that went away has not told of an end.
        return !isGrpcDeadlineError(error) && mapTemporalError(error) === error;
      }
    },

    plan: (input, requestId) =>
      runToResult<UpdateResult>(client, {
        workflow: 'updateContainer',
        what: 'plan',
        hostId: input.hostId,
        patienceMs: planMs,
        options: {
          workflowId: planWorkflowId(input.hostId, input.containerName, requestId),
          taskQueue: CORE_TASK_QUEUE,
          args: [{ ...input, stepOrder: STEP_ORDER }],
          // Nobody is left to read a plan that comes later.
          workflowExecutionTimeout: planMs + ANSWER_MS,
          typedSearchAttributes: searchAttributes(input),
        },
      }),

    check: (input, requestId) =>
      runToResult<CheckResult>(client, {
        workflow: 'checkHost',
        what: 'check',
        hostId: input.hostId,
        patienceMs: checkMs,
        options: {
          workflowId: checkWorkflowId(input.hostId, requestId),
          taskQueue: CORE_TASK_QUEUE,
          args: [input],
          // What it finds is stored for the lists, so a late one is of use too.
          workflowExecutionTimeout: '30 minutes',
        },
      }),

    async isAvailable() {
      try {
        const { namespace } = client.options;
        await ask(() => client.workflowService.describeNamespace({ namespace }), SIGN_OF_LIFE_MS);
        return true;
      } catch {
        // Whatever the reason, there is no answer that anything could be built on.
        return false;
      }
    },
  };
}
