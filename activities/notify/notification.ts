import type { ImageVersion, UpdateResult } from '../../contracts/update.ts';

export type NotificationEvent = 'updated' | 'rolled_back' | 'failed' | 'cancelled' | 'expired';

/** What is told of an update; the same for every channel. */
export interface Notification {
  event: NotificationEvent;
  /** One line. */
  subject: string;
  /** Plain text of several lines. */
  text: string;
  /** For programs: the facts as JSON. */
  payload: NotificationPayload;
}

interface NotificationPayload {
  event: NotificationEvent;
  updateId: string;
  containerName: string;
  message: string;
  errorType: string | null;
  from: ImageVersion | null;
  to: ImageVersion | null;
  /** Milliseconds. */
  downtimeMs: number | null;
  timings: UpdateResult['timings'];
  logTail: string | null;
}
