import { setTimeout as delay } from 'node:timers/promises';
import { type FailureType, TypedFailure } from '../../contracts/failure-types.ts';
import type { Engine } from './engine/engine.ts';
import { observeSwap, plainName, type Swap } from './swap.ts';

const PAUSE_MS = 500;
/** How long a refusal is borne with: the engine's own passes in a moment, a full disk when somebody makes room. */
const PATIENCE_MS: Partial<Record<FailureType, number>> = { CreateRejected: 5_000, NoSpaceLeft: 120_000 };

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

/** Runs a step that must not be left half done, again after a refusal of the engine; other failures are the caller's. */
export async function persistently<Answer>(run: () => Promise<Answer>): Promise<Answer> {
  for (const beganAt = Date.now(); ; ) {
    try {
      return await run();
    } catch (error) {
      const patienceMs = (error instanceof TypedFailure && PATIENCE_MS[error.type]) || 0;
      if (Date.now() - beganAt >= patienceMs) throw error;
      await delay(PAUSE_MS);
    }
  }
}
