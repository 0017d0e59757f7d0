import { Context } from '@temporalio/activity';
import { isPermanentFailure, TypedFailure } from '../../contracts/failure-types.ts';
import type { Engine } from './engine/engine.ts';
import { type StartedSuccessor, type StartSuccessorInput, startObserved } from './start-successor.ts';
import { stopObserved } from './stop-predecessor.ts';
import { observeSwap } from './swap.ts';
import type { SwapTurns } from './swap-turns.ts';

export interface ReplacePredecessorInput extends StartSuccessorInput {
  /** Whether its turn lasts until its health check has said how it is. Absent means no. */
  untilHealthy?: boolean;
  /** For a dependent of a container that was just replaced: it does not wait for a turn. Absent means no. */
  atOnce?: boolean;
}

/** The workflow has it watched at once; a watch that is on keeps the turn by itself. */
const UNTIL_WATCHED_MS = 30_000;
const UNTIL_TRIED_AGAIN_MS = 30_000;

export interface Replacement {
  /** Host's clock, milliseconds since the epoch: when the predecessor stopped serving. */
  stoppedAtMs: number;
  /** Milliseconds until its turn came, in the last attempt. Absent in results of older versions. */
  waitedMs?: number;
  /** Milliseconds from there to the predecessor's end, in the attempt that ended it. */
  stopMs: number;
  /** Null when it could not be started; the predecessor is stopped all the same. */
  started: StartedSuccessor | null;
  /** Why it could not be started, which no trying again mends. */
  failure: { type: string; message: string } | null;
  /** True where it was cancelled before its turn, and nothing was touched. Absent means no. */
  untouched?: boolean;
}

/**
 * Steps `stop` and `start` in one go, when it is its turn: what lies between them is downtime, so nothing is asked or
 * told meanwhile. Looks before it acts, so an attempt after our own death goes on where the last one ended, at once where
 * the container is down.
 * @throws TypedFailure of the stop, or one that passes; a start that can't succeed is an answer, since its caller must
 * know that the predecessor is stopped
 */
export async function replacePredecessor(
  engine: Engine,
  turns: SwapTurns,
  input: ReplacePredecessorInput,
): Promise<Replacement> {
  const { updateId } = input.swap;
  const { predecessor } = await observeSwap(engine, input.swap);
  const serves = predecessor?.State.Running === true || predecessor?.State.Restarting === true;
  let waitedMs = 0;
  if (input.run && serves && input.atOnce !== true) {
    const context = Context.current();
    try {
      waitedMs = await turns.take(updateId, context.cancellationSignal);
    } catch (error) {
      // Known as an answer, so that nobody brings back what was never away.
      if (context.cancellationDetails?.cancelRequested !== true) throw error;
      return { stoppedAtMs: Date.now(), stopMs: 0, started: null, failure: null, untouched: true };
    }
  } else if (input.run) {
    turns.takeAtOnce(updateId);
  }
  try {
    const replacement = { waitedMs, ...(await replace(engine, input)) };
    if (input.untilHealthy === true && replacement.failure === null) void turns.keep(updateId, UNTIL_WATCHED_MS);
    else turns.release(updateId);
    return replacement;
  } catch (error) {
    // It is tried again, and may be stopped by now.
    void turns.keep(updateId, UNTIL_TRIED_AGAIN_MS);
    throw error;
  }
}

async function replace(engine: Engine, input: StartSuccessorInput): Promise<Replacement> {
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
