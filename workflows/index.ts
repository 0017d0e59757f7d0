// Every export of this file is registered as a workflow.
export { batchUpdate } from './batch-update.ts';
export { checkHost } from './check-host.ts';
export { deliverNotifications } from './deliver-notifications.ts';
export { holdContainer } from './hold-container.ts';
export { updateContainer } from './update-container.ts';
