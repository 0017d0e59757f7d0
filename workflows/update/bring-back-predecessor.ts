import { ApplicationFailure } from '@temporalio/workflow';
import { hostActivitiesWithoutLimit, longHostActivities } from './activities.ts';
import type { Ledger } from './ledger.ts';
import type { Timeline } from './timeline.ts';

/** What a predecessor that comes back is watched for: long enough to see it crash at once. */
const PROVING_SECONDS = 1;

/**
 * Undoes step `stop`: the kept predecessor (or, where it vanished, its twin from the backup) runs again and must itself
 * become healthy.
 * @throws ApplicationFailure when it does not; the ledger's outcome is then `failed`
 */
export async function bringBackPredecessor(ledger: Ledger, timeline: Timeline): Promise<void> {
  const { backup, input } = ledger;
  const facts = ledger.requireFacts();
  if (backup === null)
    throw ApplicationFailure.nonRetryable('There is no backup to bring it back from.', 'BackupMissing');
  try {
    const revived = await hostActivitiesWithoutLimit(input.hostId).revivePredecessor({
      swap: ledger.swap,
      run: facts.running,
      pause: facts.paused,
      restartPolicy: facts.restartPolicy,
      backup,
    });
    if (revived.containerId !== facts.containerId) ledger.movedBack[facts.containerId] = revived.containerId;
    if (!facts.running) return;
    ledger.servingAgainAtMs = revived.startedAtMs;
    timeline.record(
      'rollback',
      'done',
      revived.recreated
        ? 'The predecessor was gone and was made again from its backup.'
        : 'The predecessor was started again and is looked at.',
    );
    // A frozen process answers no probe, and one that was unhealthy before is back as it was.
    if (facts.paused || facts.unhealthy) return;
    const verdict = await longHostActivities(input.hostId, null).watchHealth({
      containerId: revived.containerId,
      deadlineSeconds: ledger.healthDeadlineSeconds,
      soakSeconds: PROVING_SECONDS,
      baseRestartCount: revived.restartCount,
    });
    if (verdict.verdict === 'unhealthy')
      throw ApplicationFailure.nonRetryable(
        `The predecessor is not healthy again: ${verdict.explanation}`,
        verdict.reason,
      );
  } catch (error) {
    ledger.outcome = 'failed';
    throw error;
  }
}
