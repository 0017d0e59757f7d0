import type { ContainerInspect } from '../../domain/engine-types.ts';
import type { LeftContainer, WhatIsLeft } from '../../domain/what-is-left.ts';
import type { Engine } from './engine/engine.ts';
import { observeSwap, plainName, type Swap } from './swap.ts';

const SHORT_ID = 12;

export interface FindWhatIsLeftInput {
  swap: Swap;
  /** Engine id of the old image. */
  oldImageId: string;
}

function leftContainer(container: ContainerInspect | null): LeftContainer | null {
  return container === null ? null : { name: plainName(container), state: container.State.Status };
}

/** Looks where everything is after an update from which no way led back, for the message that a person gets. */
export async function findWhatIsLeft(engine: Engine, { swap, oldImageId }: FindWhatIsLeftInput): Promise<WhatIsLeft> {
  const { names, predecessor, successor } = await observeSwap(engine, swap);
  const [found, kept] = await Promise.all([engine.inspectContainer(names.name), engine.inspectImage(names.keepTag)]);
  // A name also matches an id's prefix; only the name counts here.
  const holder = found !== null && plainName(found) === names.name ? found : null;
  const isOurs = holder !== null && [predecessor?.Id, successor?.Id].includes(holder.Id);
  // Where the old one had to be made again it has the name, and the old image.
  const twin = predecessor === null && holder !== null && !isOurs && holder.Image === oldImageId ? holder : null;
  const isStranger = holder !== null && !isOurs && twin === null;
  return {
    predecessor: leftContainer(predecessor ?? twin),
    successor: leftContainer(successor),
    stranger: isStranger ? holder.Id.slice(0, SHORT_ID) : null,
    keptAs: kept === null ? null : names.keepTag,
  };
}
