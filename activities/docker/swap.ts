import type { ContainerInspect } from '../../domain/engine-types.ts';
import { type SwapNames, swapNames } from '../../domain/swap-names.ts';
import type { Engine } from './engine/engine.ts';

/** Which two containers an update swaps. The ids make observing safe against strangers that take one of the names. */
export interface Swap {
  updateId: string;
  containerName: string;
  /** Engine id of the container that was there when the update began. */
  predecessorId: string;
  /** Engine id of the successor; null before its creation was reported. */
  successorId: string | null;
}

export interface ObservedSwap {
  names: SwapNames;
  predecessor: ContainerInspect | null;
  successor: ContainerInspect | null;
}

/** A container's name as people write it, without the engine's leading slash. */
export function plainName(container: { Name: string }): string {
  return container.Name.replace(/^\//, '');
}

/**
 * A container's own name in a list: the engine also lists it under `/other/alias` for each container that links to it.
 */
export function listedName(container: { Names: string[] }): string {
  const own = container.Names.find((name) => name.lastIndexOf('/') === 0) ?? '';
  return own.slice(1);
}

/**
 * Works out where a swap is from what exists in the engine; every step of the saga looks before it acts. A successor
 * whose creation was never reported is found by its name, which nobody else has any reason to use.
 */
export async function observeSwap(engine: Engine, swap: Swap): Promise<ObservedSwap> {
  const names = swapNames(swap.containerName, swap.updateId);
  const [predecessor, successor] = await Promise.all([
    engine.inspectContainer(swap.predecessorId),
    engine.inspectContainer(swap.successorId ?? names.successorName),
  ]);
  return { names, predecessor, successor };
}
