import type { Batch } from '../../contracts/api/batches.ts';
import type { UpdateDetailAnswer } from '../../contracts/api/updates.ts';
import type { PullHeartbeat, UpdateStatus } from '../../contracts/update.ts';

/** A line of an update's timeline, as the API tells it. */
export type WatchedEvent = UpdateDetailAnswer['events'][number];

/** What progress is drawn from: one update as the API last told it. */
export interface WatchedUpdate {
  updateId: string;
  containerName: string;
  /** False while it waits for its turn in a batch, and for good when that never came. */
  begun: boolean;
  status: UpdateStatus;
  events: readonly WatchedEvent[];
  /** Bytes of the pull that is running, or null outside of it. */
  pull: PullHeartbeat | null;
  /** The step that is under way, or null when none is or it isn't known. */
  step: string | null;
  /** What the update is waiting for at the moment, or null. */
  waitingFor: string | null;
  /** The outcome in a sentence, once there is one. */
  message: string | null;
}

/** False while the update may still change. */
export function isFinished({ status }: Pick<WatchedUpdate, 'status'>): boolean {
  return status !== 'running' && status !== 'waiting';
}

/** An update of a batch whose turn has not come, or never came; null for any other. */
export function unbegunUpdate(update: Batch['updates'][number]): WatchedUpdate | null {
  const { update_id: updateId, container_name: containerName, state, why } = update;
  if (state !== 'queued' && state !== 'not_started') return null;
  const nothing = { begun: false, events: [], pull: null, step: null };
  if (state === 'queued')
    return { updateId, containerName, ...nothing, status: 'waiting', waitingFor: why, message: null };
  return { updateId, containerName, ...nothing, status: 'cancelled', waitingFor: null, message: why ?? 'Not started.' };
}

/** An update as the API answers it, as far as progress needs it. */
export function watchedUpdate(detail: UpdateDetailAnswer): WatchedUpdate {
  const { live } = detail;
  const waiting = live?.waiting_for ?? null;
  const paused = live?.paused === true ? 'paused; docker-auto waits for it to be resumed' : null;
  return {
    updateId: detail.id,
    containerName: detail.container_name,
    begun: true,
    status: detail.status,
    events: detail.events,
    pull: live?.pull == null ? null : { bytesDone: live.pull.bytes_done, bytesTotal: live.pull.bytes_total },
    step: live?.step ?? null,
    waitingFor: waiting === null ? paused : `${waiting.reason}${waiting.attempt > 1 ? `, try ${waiting.attempt}` : ''}`,
    message: detail.message,
  };
}
