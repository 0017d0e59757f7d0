import { z } from 'zod';

/** What `outbox-entries.ts` stored, as far as the channels read it; the facts go out as they are. */
const storedNotification = z.object({
  subject: z.string(),
  text: z.string(),
  payload: z.record(z.string(), z.unknown()),
});

export type StoredNotification = z.infer<typeof storedNotification>;

/** One message of the outbox as a channel sends it. */
export interface Delivery extends StoredNotification {
  /** Same at every attempt, so that a receiver can drop repeats. */
  deliveryKey: string;
  event: string;
}

/** @throws ZodError when the stored payload is not a notification */
export function readStoredNotification(stored: unknown): StoredNotification {
  return storedNotification.parse(stored);
}
