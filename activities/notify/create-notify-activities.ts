import type { NotificationChannels } from './channels.ts';
import {
  type DeliverNotificationsInput,
  type DeliverNotificationsResult,
  deliverNotifications,
  type Outbox,
} from './deliver-notifications.ts';

interface NotifyClients {
  repositories: { outbox: Outbox };
  channels: NotificationChannels;
}

/** The activities that tell people; they run on the core task queue. */
export function createNotifyActivities({ repositories, channels }: NotifyClients) {
  return {
    deliverNotifications: (input: DeliverNotificationsInput): Promise<DeliverNotificationsResult> =>
      deliverNotifications(repositories.outbox, channels, input),
  };
}

export type NotifyActivities = ReturnType<typeof createNotifyActivities>;
