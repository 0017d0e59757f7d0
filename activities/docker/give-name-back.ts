import { setTimeout as delay } from 'node:timers/promises';
import { TypedFailure } from '../../contracts/failure-types.ts';
import type { Engine } from './engine/engine.ts';
import { observeSwap, plainName, type Swap } from './swap.ts';

const TRIES = 10;
const PAUSE_MS = 500;

/**
 * Puts the names back as they were before the swap: the successor gives the name up, the predecessor takes it. A way
 * back may not fail for a moment's refusal, so one is tried again for some seconds.
 */
export async function giveNameBack(engine: Engine, swap: Swap): Promise<void> {
  await persistently(async () => {
    const { names, predecessor, successor } = await observeSwap(engine, swap);
    if (successor !== null && plainName(successor) === names.name)
      await renameIfThere(engine, successor.Id, names.successorName);
    if (predecessor !== null && plainName(predecessor) !== names.name)
      await renameIfThere(engine, predecessor.Id, names.name);
  });
}

/**
 * Renames a container, unless it is gone: one that removes itself when it stops may vanish between the look and the call.
 */
export async function renameIfThere(engine: Engine, id: string, name: string): Promise<void> {
  try {
    await engine.renameContainer(id, name);
  } catch (error) {
    if (!(error instanceof TypedFailure) || error.type !== 'ContainerNotFound') throw error;
  }
}

/** Runs a step of the way back, again after a refusal of the engine; other failures are the caller's. */
export async function persistently<Answer>(run: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      if (tries === TRIES || !(error instanceof TypedFailure) || error.type !== 'CreateRejected') throw error;
      await delay(PAUSE_MS);
    }
  }
}
