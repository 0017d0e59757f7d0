import { ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { hostActivitiesWithoutLimit, longHostActivities } from '../activities.ts';
import type { Compensations } from '../compensations.ts';
import type { Ledger } from '../ledger.ts';
import type { Timeline } from '../timeline.ts';
import { type DependentSwap, swapOf } from './dependent-swap.ts';

/** What a dependent without a health check is watched for: long enough to see it crash at once. */
const PROVING_SECONDS = 1;

/**
 * Makes every dependent again from its own image, now that the successor is healthy; the nearest first. They are part of
 * what has to prove itself: when one does not come up, everything goes back.
 */
export async function recreateDependents(
  ledger: Ledger,
  timeline: Timeline,
  compensations: Compensations,
): Promise<void> {
  if (ledger.dependentSwaps.length === 0) return;
  ledger.moved[ledger.requireFacts().containerId] = ledger.successorId ?? '';
  for (const dependent of ledger.dependentSwaps) {
    registerRemoval(ledger, compensations, dependent);
    try {
      await recreate(ledger, dependent);
    } catch (error) {
      ledger.failedDependent = isCancellation(error) ? null : swapOf(ledger.input.updateId, dependent);
      if (!isCancellation(error))
        timeline.record('dependents', 'failed', `${dependent.facts.name} did not come up with the new version.`);
      throw error;
    }
    const { name, why } = dependent.facts;
    timeline.record('dependents', 'done', `Made ${name} again: it ${why}.`);
  }
}

function registerRemoval(ledger: Ledger, compensations: Compensations, dependent: DependentSwap): void {
  const { name, imageId } = dependent.facts;
  const host = hostActivitiesWithoutLimit(ledger.input.hostId);
  compensations.register(`take the new ${name} away`, async () => {
    const swap = swapOf(ledger.input.updateId, dependent);
    await host.retireSuccessor(swap);
    await host.removeSuccessor({
      swap,
      imageId,
      pullReference: imageId,
      tagReference: null,
      previousTagImageId: null,
      pulledHere: false,
    });
  });
}

async function recreate(ledger: Ledger, dependent: DependentSwap): Promise<void> {
  const { hostId, updateId } = ledger.input;
  const { facts, backup } = dependent;
  const host = hostActivitiesWithoutLimit(hostId);
  // What vanished when it stopped has nothing to be read from any more.
  const vanished = facts.autoRemove && facts.stopsFirst && facts.running;
  const carries = facts.writableLayerPolicy === 'carry' && !vanished;
  const { successorId } = await host.createSuccessor({
    swap: swapOf(updateId, dependent),
    imageId: facts.imageId,
    tagReference: null,
    imageReference: facts.imageReference,
    earlier: backup,
    moved: ledger.moved,
    carryLayer: carries,
  });
  dependent.successorId = successorId;
  ledger.moved[facts.containerId] = successorId;
  const { failure } = await longHostActivities(hostId, null).replacePredecessor({
    swap: swapOf(updateId, dependent),
    run: facts.running,
    atOnce: true,
    // One that was stopped first was read when its successor was made.
    carryLayer: carries && facts.running && !facts.stopsFirst,
  });
  if (failure !== null)
    throw ApplicationFailure.nonRetryable(`${facts.name} could not be started again: ${failure.message}`, failure.type);
  // A frozen process answers no probe, and one that was unhealthy before is back as it was.
  if (!facts.running || facts.paused || facts.unhealthy) return;
  const verdict = await longHostActivities(hostId, null).watchHealth({
    containerId: successorId,
    deadlineSeconds: facts.healthDeadlineSeconds,
    soakSeconds: PROVING_SECONDS,
    baseRestartCount: 0,
  });
  if (verdict.verdict === 'unhealthy')
    throw ApplicationFailure.nonRetryable(
      `${facts.name}, which ${facts.why}, did not come up with the new version: ${verdict.explanation}`,
      verdict.reason,
    );
}
