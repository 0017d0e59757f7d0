import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { CORE_TASK_QUEUE } from '../contracts/task-queues.ts';
import { deliveryWorkflowId } from '../contracts/workflow-ids.ts';
import type { Repositories } from '../db/repositories/repositories.ts';

const HOUR_MS = 3_600_000;
/** A delivery that was given up is taken up again after this long. */
const REST_MS = 24 * HOUR_MS;
/** Older news are none. */
const OLDEST_MS = 7 * 24 * HOUR_MS;

/** Starts the delivery of what an update left in the outbox; one that is under way is left to it. */
export async function startDelivery(client: Client, updateId: string): Promise<void> {
  await client.workflow.start('deliverNotifications', {
    workflowId: deliveryWorkflowId(updateId),
    taskQueue: CORE_TASK_QUEUE,
    args: [{ updateId }],
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
}

/** Milliseconds since the last delivery of an update's notifications ended; null while one runs, Infinity for none. */
async function restedMs(client: Client, updateId: string, now: number): Promise<number | null> {
  try {
    const { closeTime } = await client.workflow.getHandle(deliveryWorkflowId(updateId)).describe();
    return closeTime === undefined ? null : now - closeTime.getTime();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

/**
 * Takes up deliveries again that were given up (a receiver was away for half a day), or that nobody began: all of them
 * when the program starts, later those that have rested for a day. After a week a message is let go.
 * @returns the updates whose delivery was begun
 */
export async function deliverRemaining(
  client: Client,
  outbox: Pick<Repositories['outbox'], 'undelivered' | 'countUndelivered'>,
  options: { atStart: boolean; now?: number; log(line: string): void },
): Promise<string[]> {
  const { atStart, now = Date.now(), log } = options;
  const oldest = new Date(now - OLDEST_MS);
  const begun: string[] = [];
  const resting: string[] = [];
  for (const updateId of await outbox.undelivered(oldest)) {
    const rested = await restedMs(client, updateId, now);
    if (rested === null) continue;
    if (!atStart && rested < REST_MS) {
      if (rested < HOUR_MS) resting.push(updateId);
      continue;
    }
    await startDelivery(client, updateId);
    begun.push(updateId);
  }
  if (begun.length > 0)
    log(
      `The notifications of ${begun.length} update(s) were not delivered so far and are tried again: ${begun.join(', ')}.`,
    );
  if (resting.length > 0)
    log(
      `The notifications of ${resting.length} update(s) could not be delivered and are tried again in a day: ${resting.join(', ')}.`,
    );
  const letGo = atStart ? await outbox.countUndelivered(oldest) : 0;
  if (letGo > 0) log(`${letGo} notification(s) older than 7 days were never delivered and are let go.`);
  return begun;
}
