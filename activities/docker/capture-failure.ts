import type { FailedSuccessor } from '../../contracts/update.ts';
import type { Engine } from './engine/engine.ts';
import { observeSwap, type Swap } from './swap.ts';

const LOG_LINES = 200;
/** An answer to the workflow server has a limit of 2 MB. */
const LOG_CHARACTERS = 64 * 1024;
/** Shorter values are words such as `true`, and masking them would make a log unreadable. */
const SHORTEST_SECRET = 8;

/** Programs that crash like to print what they were given; the log is stored, and sent in notifications. */
function withoutSecrets(log: string, env: string[]): string {
  return env
    .map((line) => line.slice(line.indexOf('=') + 1))
    .filter((value) => value.length >= SHORTEST_SECRET)
    .sort((left, right) => right.length - left.length)
    .reduce((masked, value) => masked.replaceAll(value, '********'), log);
}

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
