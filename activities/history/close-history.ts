import type { FailedSuccessor, UpdateEvent, UpdateResult } from '../../contracts/update.ts';
import type { Repositories } from '../../db/repositories/repositories.ts';
import { parseImageReference } from '../../domain/image-reference.ts';
import type { NotificationChannels } from '../notify/channels.ts';
import { composeNotification } from '../notify/compose-notification.ts';
import { outboxEntriesFor } from '../notify/outbox-entries.ts';

export interface CloseHistoryInput {
  tenantId: string;
  result: UpdateResult;
  failedSuccessor: FailedSuccessor | null;
  /** Engine id of the container that has the name now, where it is another than before. */
  successorId: string | null;
  /** What its `Config.Image` is now, where it is another container; a running update of an older program lacks it. */
  imageReference?: string | null;
  quarantine: { digest: string; reason: string } | null;
  releaseQuarantine: string | null;
  /** Updates whose kept images were given up. */
  releasedBackups: string[];
  /** Updates that were asked to store no backup; a running update of an older program lacks it. */
  droppedBackups?: string[];
  /** ISO 8601, UTC. */
  startedAt: string;
  events: UpdateEvent[];
}

function imageAfter(imageReference: string | null | undefined) {
  if (imageReference == null) return {};
  const parsed = parseImageReference(imageReference);
  return { image: imageReference, tag: parsed.ok ? (parsed.reference.tag ?? '') : '' };
}

function containerAfter({ result, successorId, imageReference }: CloseHistoryInput) {
  if (result.outcome === 'success' && result.to !== null) {
    return {
      ...imageAfter(imageReference),
      containerId: successorId,
      currentDigest: result.to.digest,
      verdict: 'up_to_date' as const,
      verdictReason: result.message,
    };
  }
  return undefined;
}

/**
 * Closes the history: row, quarantine, container and notifications in one transaction. Repeating it changes nothing.
 * @returns how many notifications wait for delivery
 */
export async function closeHistory(
  repositories: Repositories,
  channels: NotificationChannels,
  input: CloseHistoryInput,
): Promise<{ notifications: number }> {
  const { result, failedSuccessor, quarantine, releaseQuarantine } = input;
  const completedAt = new Date();
  const notification = composeNotification(result, failedSuccessor?.logTail ?? null);
  const notifications = notification === null ? [] : outboxEntriesFor(notification, result.updateId, channels);
  const container = containerAfter(input);
  await repositories.updates.close({
    updateId: result.updateId,
    status: result.outcome,
    oldImage: result.from?.reference ?? null,
    newImage: result.to?.reference ?? null,
    oldDigest: result.from?.digest ?? null,
    newDigest: result.to?.digest ?? null,
    errorType: result.errorType,
    errorMessage: result.errorType === null ? null : result.message,
    message: result.message,
    downtimeMs: result.downtimeMs,
    durationSeconds: (completedAt.getTime() - Date.parse(input.startedAt)) / 1000,
    logTail: failedSuccessor?.logTail ?? null,
    failedExitCode: failedSuccessor?.exitCode ?? null,
    completedAt,
    ...(quarantine === null ? {} : { quarantine }),
    ...(releaseQuarantine === null ? {} : { releaseQuarantine }),
    notifications,
    events: input.events,
    ...(container === undefined ? {} : { container }),
  });
  for (const updateId of input.releasedBackups) await repositories.backups.markReleased(updateId);
  for (const updateId of input.droppedBackups ?? []) await repositories.backups.remove(updateId);
  return { notifications: notifications.length };
}
