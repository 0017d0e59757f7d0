import type { Update } from '../../../contracts/api/updates.ts';
import type { UpdateRecord } from '../../../db/read-models.ts';

/** An update as it goes over the wire. */
export function presentUpdate(update: UpdateRecord): Update {
  return {
    id: update.id,
    host_id: update.hostId,
    container_id: update.containerId,
    container_name: update.containerName,
    status: update.status,
    old_image: update.oldImage,
    new_image: update.newImage,
    old_digest: update.oldDigest,
    new_digest: update.newDigest,
    error_type: update.errorType,
    error_message: update.errorMessage,
    message: update.message,
    duration_seconds: update.durationSeconds,
    downtime_ms: update.downtimeMs,
    triggered_by: update.triggeredBy,
    requested_by: update.requestedBy,
    batch_id: update.batchId,
    rollback_of: update.rollbackOf,
    workflow_id: update.workflowId,
    run_id: update.runId,
    failed_exit_code: update.failedExitCode,
    started_at: update.startedAt.toISOString(),
    completed_at: update.completedAt?.toISOString() ?? null,
  };
}

/** Whether the update may still change. */
export function isOpen({ status }: Pick<UpdateRecord, 'status'>): boolean {
  return status === 'running' || status === 'waiting';
}
