import { ApplicationFailure } from '@temporalio/workflow';
import type { SealedBackup } from '../../activities/docker/seal-backup.ts';
import type { FinalHealth } from '../../activities/docker/watch-health.ts';
import { hostActivitiesWithoutLimit, longHostActivities } from './activities.ts';
import type { Ledger } from './ledger.ts';
import type { Timeline } from './timeline.ts';

type FailedHealth = Exclude<FinalHealth, { verdict: 'healthy' }>;

/** What a predecessor that comes back is watched for: long enough to see it crash at once. */
const PROVING_SECONDS = 1;

/** An engine that dies takes a container that removes itself along; it is made again, but not for ever. */
const MOST_REVIVALS = 3;

/** Has the predecessor run again. @returns null when it proved itself, else why not */
async function revive(ledger: Ledger, timeline: Timeline, backup: SealedBackup): Promise<FailedHealth | null> {
  const { input } = ledger;
  const facts = ledger.requireFacts();
  const revived = await hostActivitiesWithoutLimit(input.hostId).revivePredecessor({
    swap: ledger.swap,
    run: facts.running,
    pause: facts.paused,
    restartPolicy: facts.restartPolicy,
    backup,
  });
  if (revived.containerId !== facts.containerId) ledger.movedBack[facts.containerId] = revived.containerId;
  if (!facts.running) return null;
  ledger.servingAgainAtMs = revived.startedAtMs;
  timeline.record(
    'rollback',
    'done',
    revived.recreated
      ? 'The predecessor was gone and was made again from its backup.'
      : 'The predecessor was started again and is looked at.',
  );
  // A frozen process answers no probe, and one that was unhealthy before is back as it was.
  if (facts.paused || facts.unhealthy) return null;
  const verdict = await longHostActivities(input.hostId, null).watchHealth({
    containerId: revived.containerId,
    deadlineSeconds: ledger.healthDeadlineSeconds,
    soakSeconds: PROVING_SECONDS,
    baseRestartCount: revived.restartCount,
  });
  return verdict.verdict === 'healthy' ? null : verdict;
}

/**
 * Undoes step `stop`: the kept predecessor (or, where it vanished, its twin from the backup) runs again and must itself
 * become healthy.
 * @throws ApplicationFailure when it does not; the ledger's outcome is then `failed`
 */
export async function bringBackPredecessor(ledger: Ledger, timeline: Timeline): Promise<void> {
  const { backup } = ledger;
  if (backup === null)
    throw ApplicationFailure.nonRetryable('There is no backup to bring it back from.', 'BackupMissing');
  try {
    for (let revivals = 1; ; revivals += 1) {
      const unhealthy = await revive(ledger, timeline, backup);
      if (unhealthy === null) return;
      if (unhealthy.reason === 'removed' && revivals < MOST_REVIVALS) continue;
      throw ApplicationFailure.nonRetryable(
        `The predecessor is not healthy again: ${unhealthy.explanation}`,
        unhealthy.reason,
      );
    }
  } catch (error) {
    ledger.outcome = 'failed';
    throw error;
  }
}
