import type { OutboxEntry } from '../../db/repositories/outbox-repository.ts';
import type { NotificationChannels } from './channels.ts';
import type { Notification } from './notification.ts';

/**
 * One outbox entry for each configured channel. The delivery key is the same whenever the same event of the same update
 * is told again, so that it is stored, and by us delivered, once.
 * @param notification null when there is nothing to tell
 */
export function outboxEntriesFor(
  notification: Notification | null,
  updateId: string,
  channels: NotificationChannels,
): OutboxEntry[] {
  if (notification === null) return [];
  const { event, subject, text, payload } = notification;
  const configured = (['webhook', 'email'] as const).filter((channel) => channels[channel] !== undefined);
  return configured.map((channel) => ({
    deliveryKey: `${updateId}:${event}:${channel}`,
    channel,
    event,
    payload: { event, subject, text, payload } satisfies Notification,
  }));
}
