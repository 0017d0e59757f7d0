import { isPermanentFailure, TypedFailure } from '../../contracts/failure-types.ts';
import type { Engine } from './engine/engine.ts';
import { type StartedSuccessor, type StartSuccessorInput, startObserved } from './start-successor.ts';
import { stopObserved } from './stop-predecessor.ts';
import { observeSwap } from './swap.ts';

export interface Replacement {
  /** Host's clock, milliseconds since the epoch: when the predecessor stopped serving. */
  stoppedAtMs: number;
  /** Milliseconds from the beginning to the predecessor's end, in the attempt that ended it. */
  stopMs: number;
  /** Null when it could not be started; the predecessor is stopped all the same. */
  started: StartedSuccessor | null;
  /** Why it could not be started, which no trying again mends. */
  failure: { type: string; message: string } | null;
}

/**
 * Steps `stop` and `start` in one go: what lies between them is downtime, so nothing is asked or told meanwhile. Looks
 * before it acts, so an attempt after our own death goes on where the last one ended.
 * @throws TypedFailure of the stop, or one that passes; a start that can't succeed is an answer, since its caller must
 * know that the predecessor is stopped
 */
export async function replacePredecessor(engine: Engine, input: StartSuccessorInput): Promise<Replacement> {
  const began = performance.now();
  const observed = await observeSwap(engine, input.swap);
  const { stoppedAtMs } = await stopObserved(engine, observed, input.swap.predecessorId);
  const stopMs = Math.round(performance.now() - began);
  try {
    return { stoppedAtMs, stopMs, started: await startObserved(engine, observed, input), failure: null };
  } catch (error) {
    if (!(error instanceof TypedFailure) || !isPermanentFailure(error.type)) throw error;
    return { stoppedAtMs, stopMs, started: null, failure: { type: error.type, message: error.message } };
  }
}
