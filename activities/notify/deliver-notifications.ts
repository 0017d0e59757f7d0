import { TypedFailure } from '../../contracts/failure-types.ts';
import type { OutboxRecord } from '../../db/read-models.ts';
import type { Repositories } from '../../db/repositories/repositories.ts';
import type { NotificationChannels } from './channels.ts';
import { sendEmail } from './send-email.ts';
import { sendWebhook } from './send-webhook.ts';
import { type Delivery, readStoredNotification } from './stored-notification.ts';

export interface DeliverNotificationsInput {
  updateId: string;
}

export interface DeliverNotificationsResult {
  /** How many this run delivered. */
  delivered: number;
  /** Mail addresses that the server refused while it took the message for others. */
  refusedRecipients: string[];
}

/** The part of the outbox that delivery needs. */
export type Outbox = Pick<Repositories['outbox'], 'pendingFor' | 'markDelivered' | 'markFailed'>;

function deliveryOf({ deliveryKey, event, payload }: OutboxRecord): Delivery {
  return { ...readStoredNotification(payload), deliveryKey, event };
}

/** @returns mail addresses that were refused */
async function send(record: OutboxRecord, channels: NotificationChannels): Promise<string[]> {
  const delivery = deliveryOf(record);
  if (record.channel === 'email' && channels.email !== undefined) return sendEmail(channels.email, delivery);
  if (record.channel === 'webhook' && channels.webhook !== undefined) {
    await sendWebhook(channels.webhook, delivery);
    return [];
  }
  throw new TypedFailure(
    'NotifyFailed',
    `The channel ${record.channel} is no longer configured; configure it again, or let the notification go.`,
  );
}

/** One message, sent and marked. @returns why it remains, or null */
async function deliver(
  outbox: Outbox,
  channels: NotificationChannels,
  record: OutboxRecord,
  refused: string[],
): Promise<string | null> {
  try {
    refused.push(...(await send(record, channels)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    await outbox.markFailed(record.id, why);
    return why;
  }
  // Outside the try: a message that was sent but could not be marked must not be counted as failed.
  await outbox.markDelivered(record.id, new Date());
  return null;
}

/**
 * Delivers what an update left in the outbox. Each message is marked on its own, so that one channel's failure neither
 * stops nor repeats another's: at least once, and never again by us once marked.
 * @throws TypedFailure `NotifyFailed` when some remain; trying again delivers those only
 */
export async function deliverNotifications(
  outbox: Outbox,
  channels: NotificationChannels,
  { updateId }: DeliverNotificationsInput,
): Promise<DeliverNotificationsResult> {
  const pending = await outbox.pendingFor(updateId);
  const refusedRecipients: string[] = [];
  // All settle before anything is thrown, so that no sending goes on beside the next attempt.
  const settled = await Promise.allSettled(
    pending.map((record) => deliver(outbox, channels, record, refusedRecipients)),
  );
  const remaining: string[] = [];
  for (const one of settled) {
    if (one.status === 'rejected') throw one.reason;
    if (one.value !== null) remaining.push(one.value);
  }
  if (remaining.length > 0) {
    throw new TypedFailure(
      'NotifyFailed',
      `${remaining.length} of ${pending.length} notifications of update ${updateId} remain. ${remaining.join(' ')}`,
    );
  }
  return { delivered: pending.length, refusedRecipients };
}
