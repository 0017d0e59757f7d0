import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  ParentClosePolicy,
  sleep,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { DependentFacts } from '../../../activities/docker/container-relations.ts';
import type { UpdateMemo } from '../../../contracts/update.ts';
import { updateWorkflowId } from '../../../contracts/workflow-ids.ts';
import { holdContainer } from '../../hold-container.ts';
import { hostActivities } from '../activities.ts';
import type { Ledger } from '../ledger.ts';
import type { Timeline } from '../timeline.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/**
 * In which order locks are taken: what has the longer chain hanging on it first, then by name. A provider has the longer
 * one, and has its own lock before all of these, so every update takes locks in this one order, and no two can wait for
 * each other.
 */
function inOrderOfLocks(one: DependentFacts, other: DependentFacts): number {
  const higher = (other.height ?? 0) - (one.height ?? 0);
  return higher !== 0 ? higher : one.name < other.name ? -1 : 1;
}

/**
 * Takes the locks of all containers that are made again with this one; then looks again, since waiting may have changed
 * them.
 * @returns whether there were any
 * @throws ApplicationFailure `Unreproducible` when the containers depend on each other in a circle
 */
export async function holdDependents(ledger: Ledger, timeline: Timeline): Promise<boolean> {
  const held = new Set<string>();
  for (;;) {
    refuseCycle(ledger);
    const names = ledger.dependents
      .toSorted(inOrderOfLocks)
      .map(({ name }) => name)
      .filter((name) => !held.has(name));
    if (names.length === 0) return held.size > 0;
    for (const name of names) {
      await hold(ledger, timeline, name);
      held.add(name);
    }
    const { hostId, containerName, updateId } = ledger.input;
    const facts = await hostActivities(hostId, ledger.engineWaitSeconds).inspectContainer({ containerName, updateId });
    if (facts.containerId === null)
      throw ApplicationFailure.nonRetryable(`${containerName} was removed by somebody meanwhile.`, 'ContainerNotFound');
    ledger.facts = { ...facts, containerId: facts.containerId };
  }
}

/** @throws ApplicationFailure `Unreproducible` naming the containers round the circle */
export function refuseCycle(ledger: Ledger): void {
  const cycle = ledger.requireFacts().dependencyCycle ?? null;
  if (cycle === null) return;
  throw ApplicationFailure.nonRetryable(
    `${cycle.join(' → ')}: these containers depend on each other in a circle, so no order of updating them is right. Take one of them out of it: look at depends_on, the label docker-auto.depends-on, links and container: modes.`,
    'Unreproducible',
  );
}

async function hold({ input }: Ledger, timeline: Timeline, name: string): Promise<void> {
  const { updateId, hostId } = input;
  let told = false;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    try {
      // A cancel must not give the lock away while what was done is being undone; the lock ends with this update.
      await CancellationScope.nonCancellable(() =>
        startChild(holdContainer, {
          workflowId: updateWorkflowId(hostId, name),
          memo: { updateId } satisfies UpdateMemo,
          parentClosePolicy: ParentClosePolicy.TERMINATE,
          workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        }),
      );
      return;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    if (!told) timeline.record('gate', 'waiting', `${name} is being updated itself; this waits until that has ended.`);
    told = true;
    await sleep(wait);
  }
}
