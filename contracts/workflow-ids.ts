/** The lock of a container: one workflow id per host and name, so a second update of it can't start. */
export function updateWorkflowId(hostId: string, containerName: string): string {
  return `update:${hostId}:${containerName}`;
}

/** A run that plans only; it takes no lock, so every request has its own id. */
export function planWorkflowId(hostId: string, containerName: string, requestId: string): string {
  return `plan:${hostId}:${containerName}:${requestId}`;
}

/** One check of a host's containers (inventory, then candidates). */
export function checkWorkflowId(hostId: string, requestId: string): string {
  return `check:${hostId}:${requestId}`;
}

/** The regular inventory of a host; one at a time, whoever starts it. */
export function inventoryWorkflowId(hostId: string): string {
  return `inventory:${hostId}`;
}

/** Delivery of the notifications that an update left in the outbox. */
export function deliveryWorkflowId(updateId: string): string {
  return `notify:${updateId}`;
}

/** Several updates that take turns. */
export function batchWorkflowId(batchId: string): string {
  return `batch:${batchId}`;
}
