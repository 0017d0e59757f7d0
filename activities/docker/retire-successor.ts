import type { Engine } from './engine/engine.ts';
import { observeSwap, plainName, type Swap } from './swap.ts';

/**
 * Undoes step `start`: the successor is stopped for good (policy `no`, or the engine would revive it) and the names go
 * back. It isn't removed yet: where the predecessor fails too, a person needs both.
 */
export async function retireSuccessor(engine: Engine, swap: Swap): Promise<void> {
  const { names, predecessor, successor } = await observeSwap(engine, swap);
  if (successor !== null) {
    if (successor.HostConfig.AutoRemove !== true) await engine.setRestartPolicy(successor.Id, { Name: 'no' });
    await engine.stopContainer(successor.Id);
    const left = await engine.inspectContainer(successor.Id);
    if (left !== null && plainName(left) === names.name) await engine.renameContainer(left.Id, names.successorName);
  }
  if (predecessor !== null && plainName(predecessor) !== names.name)
    await engine.renameContainer(predecessor.Id, names.name);
}
