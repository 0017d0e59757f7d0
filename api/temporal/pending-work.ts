import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import {
  decodeArrayFromPayloads,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import { CORE_TASK_QUEUE } from '../../contracts/task-queues.ts';
import type { PullHeartbeat, WaitingHeartbeat } from '../../contracts/update.ts';

/** What a run does not get on with. */
export interface WaitingFor {
  activity: string;
  /** Counts from 1. */
  attempt: number;
  /** The last failure, or that nobody has taken it. */
  reason: string;
}

export interface PendingWork {
  waitingFor: WaitingFor | null;
  /** Bytes of a pull that is running. */
  pull: PullHeartbeat | null;
}

type Described = WorkflowExecutionDescription['raw'];
type PendingActivity = NonNullable<Described['pendingActivities']>[number];
type Moment = PendingActivity['scheduledTime'];

/** Longer than a task lies in a queue that workers poll. */
const UNTAKEN_AFTER_MS = 3_000;
/** `PENDING_ACTIVITY_STATE_SCHEDULED` and `PENDING_WORKFLOW_TASK_STATE_SCHEDULED`. */
const SCHEDULED = 1;

/**
 * Reads from a run's description what it waits for and how far its pull is; failures and heartbeats come encrypted.
 * @param untakenAfterMs after how many milliseconds in a queue a task counts as waited for.
 */
export async function readPendingWork(
  client: Client,
  described: Described,
  untakenAfterMs = UNTAKEN_AFTER_MS,
): Promise<PendingWork> {
  const activities = described.pendingActivities ?? [];
  const found = await Promise.all(
    activities.map(async (activity) => {
      const told = await heartbeatOf(client, activity);
      return { waitingFor: await waitingFor(client, activity, told, untakenAfterMs), pull: pullBytes(told) };
    }),
  );
  return {
    waitingFor:
      found.find((each) => each.waitingFor !== null)?.waitingFor ?? waitingForWorker(described, untakenAfterMs),
    pull: found.find((each) => each.pull !== null)?.pull ?? null,
  };
}

async function waitingFor(
  client: Client,
  pending: PendingActivity,
  told: Heartbeat,
  untakenAfterMs: number,
): Promise<WaitingFor | null> {
  const activity = pending.activityType?.name ?? 'an activity';
  const attempt = pending.attempt ?? 1;
  const { loadedDataConverter } = client.options;
  const failure = await decodeOptionalFailureToOptionalError(loadedDataConverter, pending.lastFailure);
  if (failure) return { activity, attempt, reason: failure.message };
  if (pending.state === SCHEDULED && ageMs(pending.scheduledTime) > untakenAfterMs) {
    return { activity, attempt, reason: 'No worker has taken it: the one that serves this host may be away.' };
  }
  return typeof told.waitingFor === 'string' ? { activity, attempt, reason: told.waitingFor } : null;
}

function waitingForWorker({ pendingWorkflowTask: task }: Described, untakenAfterMs: number): WaitingFor | null {
  if (task?.state !== SCHEDULED || ageMs(task.originalScheduledTime) <= untakenAfterMs) return null;
  const reason = `No worker takes workflows from task queue ${CORE_TASK_QUEUE}.`;
  return { activity: 'workflow', attempt: task.attempt ?? 1, reason };
}

type Heartbeat = Partial<Record<keyof PullHeartbeat | keyof WaitingHeartbeat, unknown>>;

async function heartbeatOf(client: Client, pending: PendingActivity): Promise<Heartbeat> {
  const payloads = pending.heartbeatDetails?.payloads;
  if (!payloads?.length) return {};
  const [details] = await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads);
  return typeof details === 'object' && details !== null ? details : {};
}

function pullBytes({ bytesDone, bytesTotal }: Heartbeat): PullHeartbeat | null {
  return typeof bytesDone === 'number' && typeof bytesTotal === 'number' ? { bytesDone, bytesTotal } : null;
}

function ageMs(moment: Moment): number {
  return moment?.seconds === undefined || moment.seconds === null ? 0 : Date.now() - Number(moment.seconds) * 1000;
}
