import type { FailedSuccessor } from '../../contracts/update.ts';
import type { Engine } from './engine/engine.ts';
import { observeSwap, type Swap } from './swap.ts';

const LOG_LINES = 200;

/** What a failed successor leaves to read: exit state and the end of its log; null when it is gone or never ran. */
export async function captureFailure(engine: Engine, swap: Swap, reason: string): Promise<FailedSuccessor | null> {
  const { successor } = await observeSwap(engine, swap);
  if (successor === null) return null;
  return {
    exitCode: successor.State.Running ? null : successor.State.ExitCode,
    oomKilled: successor.State.OOMKilled ?? false,
    reason,
    logTail: await engine.tailLog(successor.Id, LOG_LINES),
  };
}
