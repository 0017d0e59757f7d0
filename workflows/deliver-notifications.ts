import { proxyActivities } from '@temporalio/workflow';
import type { NotifyActivities } from '../activities/notify/create-notify-activities.ts';
import { CORE_TASK_QUEUE } from '../contracts/task-queues.ts';

const { deliverNotifications: deliver } = proxyActivities<NotifyActivities>({
  taskQueue: CORE_TASK_QUEUE,
  startToCloseTimeout: '2 minutes',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '10 minutes', maximumAttempts: 60 },
});

/** Delivers what an update left in the outbox; a receiver that is away is tried for hours, and no update waits for it. */
export async function deliverNotifications(input: { updateId: string }): Promise<void> {
  await deliver(input);
}
