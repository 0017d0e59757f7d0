import type { UpdateResult } from '../../contracts/update.ts';
import type { UpdateRecord } from '../../db/read-models.ts';
import type { Repositories } from '../../db/repositories/repositories.ts';
import { swapNames } from '../../domain/swap-names.ts';
import type { NotificationChannels } from '../notify/channels.ts';
import { composeNotification } from '../notify/compose-notification.ts';
import { outboxEntriesFor } from '../notify/outbox-entries.ts';

/** How a run of a workflow ended; `unknown` is one that its server knows nothing of (any more). */
export type RunEnd = 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed_out' | 'unknown';

/** How the workflow of an update ended, or null while it runs. */
export type DescribeRun = (update: UpdateRecord) => Promise<RunEnd | null>;

/** An update whose history was closed for it. */
export interface LostUpdate {
  updateId: string;
  message: string;
  /** How many wait for delivery. */
  notifications: number;
}

const HOW: Record<RunEnd, string> = {
  terminated: 'its workflow was terminated in the workflow server',
  cancelled: 'its workflow was cancelled in the workflow server before it began',
  timed_out: 'its workflow ran out of time',
  failed: 'its workflow failed',
  completed: 'its workflow ended without a word',
  unknown: 'the workflow server does not know it any more',
};

function messageFor({ id, containerName }: UpdateRecord, end: RunEnd): string {
  const { successorName, predecessorName, keepTag } = swapNames(containerName, id);
  return `The update of ${containerName} was ended from outside: ${HOW[end]}. How far it had come is not known, so see whether ${containerName} runs. ${successorName}, ${predecessorName} and the image ${keepTag} may be left; the next update of ${containerName} settles them.`;
}

function resultFor(update: UpdateRecord, message: string): UpdateResult {
  const { id: updateId, containerName, oldImage, oldDigest } = update;
  return {
    updateId,
    containerName,
    outcome: 'failed',
    message,
    errorType: 'Terminated',
    from: oldImage === null ? null : { reference: oldImage, digest: oldDigest, imageId: null },
    to: null,
    timings: [],
    downtimeMs: null,
    plan: null,
  };
}

async function close(
  repositories: Repositories,
  channels: NotificationChannels,
  update: UpdateRecord,
  end: RunEnd,
): Promise<LostUpdate | null> {
  const { id: updateId, tenantId } = update;
  const message = messageFor(update, end);
  const completedAt = new Date();
  const notification = composeNotification(resultFor(update, message), null);
  const notifications = outboxEntriesFor(notification, updateId, channels);
  const { oldImage, newImage, oldDigest, newDigest } = update;
  const closed = await repositories.updates.close({
    ...{ updateId, oldImage, newImage, oldDigest, newDigest, message, completedAt, notifications },
    status: 'failed',
    errorType: 'Terminated',
    errorMessage: message,
    downtimeMs: null,
    durationSeconds: (completedAt.getTime() - update.startedAt.getTime()) / 1000,
    logTail: null,
    failedExitCode: null,
  });
  // It told its own end meanwhile.
  if (!closed) return null;
  const last = (await repositories.updates.get(tenantId, updateId))?.events.at(-1)?.seq ?? 0;
  const at = completedAt.toISOString();
  await repositories.updates.appendEvents(updateId, tenantId, [
    { seq: last + 1, step: 'notify', state: 'failed', cause: message, detail: { end }, at },
  ]);
  return { updateId, message, notifications: notifications.length };
}

/**
 * Closes the histories of updates of which no workflow remains: whoever ends one from outside leaves it no chance to do
 * so itself, and it would be shown as running for ever.
 * @throws Error when the workflow server or the database can't be asked
 */
export async function closeLostUpdates(
  repositories: Repositories,
  channels: NotificationChannels,
  describe: DescribeRun,
  startedBefore: Date,
): Promise<LostUpdate[]> {
  const lost: LostUpdate[] = [];
  for (const update of await repositories.updates.findOpen(startedBefore)) {
    const end = await describe(update);
    const closed = end === null ? null : await close(repositories, channels, update, end);
    if (closed !== null) lost.push(closed);
  }
  return lost;
}
