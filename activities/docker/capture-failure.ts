import type { FailedSuccessor } from '../../contracts/update.ts';
import type { Engine } from './engine/engine.ts';
import { observeSwap, type Swap } from './swap.ts';
import { withoutSecrets } from './without-secrets.ts';

const LOG_LINES = 200;
/** An answer to the workflow server has a limit of 2 MB. */
const LOG_CHARACTERS = 64 * 1024;
/** What a failed successor leaves to read: exit state and the end of its log; null when it is gone or never ran. */
export async function captureFailure(engine: Engine, swap: Swap, reason: string): Promise<FailedSuccessor | null> {
  const { successor } = await observeSwap(engine, swap);
  if (successor === null) return null;
  return {
    exitCode: successor.State.Running ? null : successor.State.ExitCode,
    oomKilled: successor.State.OOMKilled ?? false,
    reason,
    logTail: withoutSecrets(await engine.tailLog(successor.Id, LOG_LINES), successor.Config.Env ?? []).slice(
      -LOG_CHARACTERS,
    ),
  };
}
