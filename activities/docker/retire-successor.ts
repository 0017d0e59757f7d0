import type { Engine } from './engine/engine.ts';
import { giveNameBack, persistently } from './give-name-back.ts';
import { observeSwap, type Swap } from './swap.ts';

/**
 * Undoes step `start`: the successor is stopped for good (policy `no`, or the engine would revive it) and the names go
 * back. It isn't removed yet: where the predecessor fails too, a person needs both.
 */
export async function retireSuccessor(engine: Engine, swap: Swap): Promise<void> {
  await persistently(async () => {
    const { successor } = await observeSwap(engine, swap);
    if (successor === null) return;
    if (successor.HostConfig.AutoRemove !== true) await engine.setRestartPolicy(successor.Id, { Name: 'no' });
    await engine.stopContainer(successor.Id);
  });
  await giveNameBack(engine, swap);
}
