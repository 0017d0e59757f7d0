import {
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  makeContinueAsNewFunc,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { BatchInput, BatchProgress } from '../contracts/batch.ts';
import { CANCEL_SIGNAL, PROGRESS_QUERY } from '../contracts/update.ts';
import { Patience, runTurn } from './batch/run-turn.ts';
import { Turns } from './batch/turns.ts';

const cancelSignal = defineSignal(CANCEL_SIGNAL);
const progressQuery = defineQuery<BatchProgress>(PROGRESS_QUERY);

/**
 * Several updates that take turns: so many of one host at a time, each after what it depends on. Every update is a
 * workflow of its own under its container's lock, and outlives the batch.
 */
export async function batchUpdate(input: BatchInput): Promise<BatchProgress> {
  const turns = new Turns(input);
  const patience = new Patience();
  setHandler(progressQuery, () => turns.progress());
  setHandler(cancelSignal, () => turns.cancel());
  // A cancel of the workflow itself (from the workflow server's UI) means the same as ours.
  CancellationScope.current().cancelRequested.catch(() => turns.cancel());

  return CancellationScope.nonCancellable(async () => {
    while (!turns.allEnded) {
      // What holds a container may take days, and every try is written down: a new run begins with a short history.
      const tooLong = workflowInfo().continueAsNewSuggested;
      if (tooLong && !turns.someRun) await goOnAnew(input, turns);
      for (let item = turns.next(); item !== null && !tooLong; item = turns.next()) {
        void runTurn(input, item, turns, patience);
      }
      await condition(() => turns.allEnded || (tooLong ? !turns.someRun : turns.next() !== null));
    }
    return turns.progress();
  });
}

function goOnAnew(input: BatchInput, turns: Turns): Promise<never> {
  const continueAsNew = makeContinueAsNewFunc<typeof batchUpdate>({ memo: workflowInfo().memo ?? {} });
  return continueAsNew({ ...input, earlier: { endedIds: turns.endedIds, cancelled: turns.cancelled } });
}
