import type { InferEntity, Loaded } from '@mikro-orm/core';
import type { UpdateEvent } from '../entities/update-event.ts';
import type { UpdateHistory } from '../entities/update-history.ts';
import type { UpdateEventRow, UpdateRecord } from '../read-models.ts';

/** The read model of a history row whose container is loaded (for the name). */
export function toUpdateRecord(row: Loaded<InferEntity<typeof UpdateHistory>, 'container'>): UpdateRecord {
  const container = row.container.$;
  return {
    id: row.id,
    tenantId: row.tenantId,
    hostId: container.hostId,
    containerId: container.id,
    containerName: container.name,
    status: row.status,
    oldImage: row.oldImage,
    newImage: row.newImage,
    oldDigest: row.oldDigest,
    newDigest: row.newDigest,
    errorType: row.errorType,
    errorMessage: row.errorMessage,
    message: row.message,
    durationSeconds: row.durationSeconds,
    downtimeMs: row.downtimeMs,
    triggeredBy: row.triggeredBy,
    requestedBy: row.requestedBy,
    batchId: row.batchId,
    rollbackOf: row.rollbackOf,
    workflowId: row.workflowId,
    runId: row.runId,
    failedExitCode: row.failedExitCode,
    startedAt: row.startedAt,
    completedAt: row.completedAt,
  };
}

/** The read model of a timeline's line. */
export function toEventRow(row: InferEntity<typeof UpdateEvent>): UpdateEventRow {
  return {
    seq: row.seq,
    step: row.step,
    state: row.state,
    cause: row.cause,
    detail: row.detail,
    at: row.at.toISOString(),
  };
}
