import { hostActivities, hostActivitiesWithoutLimit } from '../activities.ts';
import { explainFailure } from '../explain-failure.ts';
import type { Ledger } from '../ledger.ts';
import type { Timeline } from '../timeline.ts';
import { swapOf } from './dependent-swap.ts';

/** A restart that is wanted is no reason to hold an update's end up for long. */
const RESTART_PATIENCE_SECONDS = 60;

/** Removes the dependents' predecessors. @returns what could not be tidied up, one line each */
export async function commitDependents(ledger: Ledger): Promise<string[]> {
  const left: string[] = [];
  for (const dependent of ledger.dependentSwaps) {
    const { facts, backup } = dependent;
    try {
      await hostActivitiesWithoutLimit(ledger.input.hostId).commitSwap({
        swap: swapOf(ledger.input.updateId, dependent),
        restartPolicy: facts.restartPolicy,
        paused: facts.paused,
        superseded: backup === null ? [] : [{ imageId: backup.imageId, keepTag: backup.keepTag }],
      });
    } catch (error) {
      left.push(`${facts.name}: ${explainFailure(error).message}`);
    }
  }
  return left;
}

/**
 * Restarts the containers that asked for it, after an update and after a rollback alike: either way what they depend on
 * was away. That one can't be restarted is told, and changes nothing else.
 */
export async function restartDependents(ledger: Ledger, timeline: Timeline): Promise<void> {
  const { servingAgainAtMs } = ledger;
  if (servingAgainAtMs === null || ledger.outcome === 'failed') return;
  for (const { id, name, cause } of ledger.restarts) {
    try {
      const restarted = await hostActivities(ledger.input.hostId, RESTART_PATIENCE_SECONDS).restartDependent({
        containerId: id,
        sinceMs: servingAgainAtMs,
      });
      timeline.record(
        'dependents',
        restarted ? 'done' : 'skipped',
        restarted ? `Restarted ${name}: ${cause}.` : `Left ${name} as it is: it does not run any more.`,
      );
    } catch (error) {
      timeline.record('dependents', 'failed', `${name} could not be restarted: ${explainFailure(error).message}`);
    }
  }
}
