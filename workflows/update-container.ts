import { CancellationScope, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { OUTCOME_ATTRIBUTE } from '../contracts/search-attributes.ts';
import type { UpdateInput, UpdateOutcome, UpdateResult } from '../contracts/update.ts';
import { history, unhurriedHistory } from './update/activities.ts';
import { announce } from './update/announce.ts';
import { sinceOrder2 } from './update/changes.ts';
import { Compensations } from './update/compensations.ts';
import { Controls } from './update/controls.ts';
import { restartDependents } from './update/dependents/settle-dependents.ts';
import { Ledger } from './update/ledger.ts';
import { planUpdate } from './update/plan-update.ts';
import { rollBack } from './update/roll-back.ts';
import { chooseCandidate } from './update/steps/choose-candidate.ts';
import { commit } from './update/steps/commit.ts';
import { inspect } from './update/steps/inspect.ts';
import { prepare } from './update/steps/prepare.ts';
import { swap } from './update/steps/swap.ts';
import { Timeline } from './update/timeline.ts';

/**
 * One update of one container, told top to bottom: look, decide, prepare while the old one serves, swap, watch, then
 * commit or roll back, and tell. Whatever dies in the middle, this goes on from its last finished step.
 */
export async function updateContainer(input: UpdateInput): Promise<UpdateResult> {
  const timeline = new Timeline();
  const ledger = new Ledger(input);
  const compensations = new Compensations();
  const controls: Controls = new Controls(
    timeline,
    () => ledger.progress(timeline, controls),
    async (status) => {
      if (!sinceOrder2(input, 'a pause is stored')) return;
      await unhurriedHistory.saveStatus({ updateId: input.updateId, status });
    },
  );

  if (input.mode === 'plan') return planUpdate(input, ledger, timeline);

  ledger.opened = await history.openHistory({
    ...input,
    workflowId: workflowInfo().workflowId,
    runId: workflowInfo().runId,
  });
  try {
    await controls.cancellable(async () => {
      await inspect(ledger, timeline);
      const outdated = await chooseCandidate(ledger, timeline, controls);
      if (!outdated) return;
      await prepare(ledger, timeline, controls, compensations);
      await swap(ledger, timeline, controls, compensations);
      controls.closeForCommit();
      await CancellationScope.nonCancellable(() => commit(ledger, timeline));
    });
  } catch (error) {
    await CancellationScope.nonCancellable(() => rollBack(error, ledger, timeline, compensations, controls));
  }
  return CancellationScope.nonCancellable(async () => {
    await restartDependents(ledger, timeline);
    const result = ledger.result(timeline);
    await announce(result, ledger, timeline);
    setOutcome(result.outcome);
    return result;
  });
}

function setOutcome(outcome: UpdateOutcome): void {
  upsertSearchAttributes([{ key: OUTCOME_ATTRIBUTE, value: outcome }]);
}
