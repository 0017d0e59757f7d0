import type { ImageVersion, UpdateOutcome, UpdateResult } from '../../contracts/update.ts';
import { nextStep } from './next-step.ts';
import type { Notification, NotificationEvent } from './notification.ts';

const EVENTS: Record<UpdateOutcome, NotificationEvent | null> = {
  success: 'updated',
  rollback: 'rolled_back',
  failed: 'failed',
  cancelled: 'cancelled',
  expired: 'expired',
  up_to_date: null,
};

const HEADLINES: Record<NotificationEvent, string> = {
  updated: 'was updated',
  rolled_back: 'was rolled back',
  failed: 'could not be updated',
  cancelled: 'was not updated: cancelled',
  expired: 'was not updated: the time for it ran out',
};

/** The end of a log says why; the whole tail is in the history. */
const LOG_LINES = 40;
const LOG_CHARACTERS = 8_000;

/** `nginx:1.27 (sha256:0123456789ab)` */
function versionName({ reference, digest, imageId }: ImageVersion): string {
  const id = digest ?? imageId;
  return id === null ? reference : `${reference} (${id.slice(0, 'sha256:'.length + 12)})`;
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function endOfLog(logTail: string | null): string | null {
  const end = logTail?.trimEnd().split('\n').slice(-LOG_LINES).join('\n').slice(-LOG_CHARACTERS);
  return end ? end : null;
}

function factLines({ from, to, downtimeMs, updateId, errorType }: UpdateResult, event: NotificationEvent): string[] {
  return [
    ...(from === null ? [] : [`${event === 'updated' ? 'From' : 'Runs'}: ${versionName(from)}`]),
    ...(to === null ? [] : [`${event === 'updated' ? 'To' : 'Wanted'}: ${versionName(to)}`]),
    ...(errorType === null ? [] : [`Cause: ${errorType}`]),
    ...(downtimeMs === null ? [] : [`Downtime: ${duration(downtimeMs)}`]),
    `Update: ${updateId}`,
  ];
}

/**
 * What to tell of an ended update: what happened to which container, from which version to which, why, and what to do
 * next. Null for an outcome that nobody needs to hear of (up to date).
 * @param logTail the last lines of a successor that failed, or null
 */
export function composeNotification(result: UpdateResult, logTail: string | null): Notification | null {
  const event = EVENTS[result.outcome];
  if (event === null) return null;
  const { updateId, containerName, message, errorType, from, to, downtimeMs, timings } = result;
  const log = endOfLog(logTail);
  const version = event === 'updated' && to !== null ? ` to ${to.reference}` : '';
  const headline = `${containerName} ${HEADLINES[event]}${version}`;
  const paragraphs = [
    `${headline}.`,
    message,
    factLines(result, event).join('\n'),
    `What to do: ${nextStep(event, result)}`,
    ...(log === null ? [] : [`The end of the log of the version that failed:\n${log}`]),
  ];
  return {
    event,
    subject: `[docker-auto] ${headline}`,
    text: `${paragraphs.join('\n\n')}\n`,
    payload: { event, updateId, containerName, message, errorType, from, to, downtimeMs, timings, logTail: log },
  };
}
