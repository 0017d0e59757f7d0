import { ParentClosePolicy, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import type { UpdateResult } from '../../contracts/update.ts';
import { deliveryWorkflowId } from '../../contracts/workflow-ids.ts';
import { imageIsAtFault } from '../../domain/image-fault.ts';
import { deliverNotifications } from '../deliver-notifications.ts';
import { history } from './activities.ts';
import type { Ledger } from './ledger.ts';
import type { Timeline } from './timeline.ts';

function quarantineFor(result: UpdateResult, ledger: Ledger): { digest: string; reason: string } | null {
  const failedDigest = ledger.target?.digest ?? null;
  if (result.outcome === 'rollback' || result.outcome === 'failed') {
    if (failedDigest === null || ledger.target?.earlier != null || !imageIsAtFault(result)) return null;
    return { digest: failedDigest, reason: `${result.message} (update ${result.updateId})` };
  }
  // Whoever goes back by hand doesn't want the next sweep to go forward again.
  if (
    result.outcome === 'success' &&
    ledger.target?.earlier != null &&
    ledger.currentDigest !== null &&
    ledger.currentDigest !== failedDigest
  ) {
    return { digest: ledger.currentDigest, reason: `Rolled back by hand (update ${result.updateId}).` };
  }
  return null;
}

/** Step `notify`: the history is closed and the outbox filled in one transaction; delivery has a workflow of its own. */
export async function announce(result: UpdateResult, ledger: Ledger, timeline: Timeline): Promise<void> {
  const opened = ledger.requireOpened();
  timeline.current = 'notify';
  timeline.record('notify', 'done', result.message);
  const { notifications } = await history.closeHistory({
    tenantId: ledger.input.tenantId,
    result,
    failedSuccessor: ledger.failedSuccessor,
    successorId: result.outcome === 'success' ? ledger.successorId : null,
    imageReference: result.outcome === 'success' ? (ledger.target?.imageReference ?? null) : null,
    quarantine: quarantineFor(result, ledger),
    // What was let in by force and proved itself is no longer suspect.
    releaseQuarantine: result.outcome === 'success' ? (ledger.target?.digest ?? null) : null,
    ...endedBackups(result, ledger),
    startedAt: opened.startedAt,
    events: timeline.unstored(),
  });
  ledger.close(result);
  if (notifications === 0) return;
  await startChild(deliverNotifications, {
    workflowId: deliveryWorkflowId(result.updateId),
    args: [{ updateId: result.updateId }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
  });
}

/** Backups that are no way back any more: `released` stay in the history, `dropped` were never to be kept. */
function endedBackups(result: UpdateResult, ledger: Ledger): { releasedBackups: string[]; droppedBackups: string[] } {
  const ended = backupsGivenUp(result, ledger);
  const dropped = ledger.input.backup ? [] : ended.filter((updateId) => updateId === result.updateId);
  return { releasedBackups: ended.filter((updateId) => !dropped.includes(updateId)), droppedBackups: dropped };
}

function backupsGivenUp(result: UpdateResult, ledger: Ledger): string[] {
  if (result.outcome !== 'success')
    return result.outcome === 'failed' && ledger.stoppedAtMs !== null ? [] : [result.updateId];
  // Where tidying up failed they are still there, and the next update gives them up.
  if (!ledger.tidiedUp) return [];
  const superseded = ledger.requireOpened().superseded.map(({ updateId }) => updateId);
  return ledger.keepsBackup ? superseded : [...superseded, result.updateId];
}
