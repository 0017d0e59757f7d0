import { hostActivities, hostActivitiesWithoutLimit, longHostActivities } from '../activities.ts';
import type { Compensations } from '../compensations.ts';
import type { Ledger } from '../ledger.ts';
import type { Timeline } from '../timeline.ts';
import { type DependentSwap, keepTagOf, swapOf } from './dependent-swap.ts';

/** Keeps a way back for each dependent, while everything still serves. */
export async function backUpDependents(ledger: Ledger, compensations: Compensations): Promise<void> {
  const { hostId, updateId } = ledger.input;
  ledger.dependentSwaps = ledger.dependents.map((facts) => ({ facts, backup: null, successorId: null, lost: false }));
  const host = hostActivities(hostId, ledger.engineWaitSeconds);
  for (const [position, dependent] of ledger.dependentSwaps.entries()) {
    const keepTag = keepTagOf(updateId, dependent, position);
    compensations.register(`give up the kept image of ${dependent.facts.name}`, async () => {
      if (ledger.outcome === 'failed' || dependent.lost) return;
      await hostActivitiesWithoutLimit(hostId).releaseImages({
        images: [{ imageId: dependent.facts.imageId, keepTag }],
      });
    });
    dependent.backup = await host.sealBackup({ ...swapOf(updateId, dependent), keepTag });
  }
}

/**
 * Stops those that live in the predecessor's namespaces, the farthest first: they would lose them under their feet. The way
 * back is the nearest first, after the predecessor.
 */
export async function stopDependents(ledger: Ledger, timeline: Timeline, compensations: Compensations): Promise<void> {
  const { hostId, updateId } = ledger.input;
  for (const dependent of ledger.dependentSwaps.toReversed()) {
    const { name, why, stopsFirst, running } = dependent.facts;
    // Also of those that only link: they can't start before what they link to.
    compensations.register(`bring ${name} back`, () => bringDependentBack(ledger, timeline, dependent));
    if (!stopsFirst) continue;
    await longHostActivities(hostId, null).stopPredecessor(swapOf(updateId, dependent));
    if (running) timeline.record('dependents', 'started', `Stopped ${name}: it ${why}.`);
  }
}

/** Undoes the stop of a dependent, or its replacement: the kept one, or its twin from the backup, is as it was. */
async function bringDependentBack(ledger: Ledger, timeline: Timeline, dependent: DependentSwap): Promise<void> {
  const { facts, backup } = dependent;
  if (backup === null) return;
  dependent.lost = true;
  const revived = await hostActivitiesWithoutLimit(ledger.input.hostId).revivePredecessor({
    swap: swapOf(ledger.input.updateId, dependent),
    run: facts.running,
    pause: facts.paused,
    restartPolicy: facts.restartPolicy,
    backup,
    moved: ledger.movedBack,
    carryLayer: facts.writableLayerPolicy === 'carry',
  });
  if (revived.containerId !== facts.containerId) ledger.movedBack[facts.containerId] = revived.containerId;
  dependent.lost = false;
  timeline.record('dependents', 'undone', `${facts.name} is as it was.`);
}
