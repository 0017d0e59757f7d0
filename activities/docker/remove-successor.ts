import type { Engine } from './engine/engine.ts';
import { persistently } from './give-name-back.ts';
import { observeSwap, type Swap } from './swap.ts';

export interface RemoveSuccessorInput {
  swap: Swap;
  /** Empty where it is not known; then it is the one that `pullReference` names. */
  imageId: string;
  pullReference: string;
  tagReference: string | null;
  /** What the human tag pointed to before the update. */
  previousTagImageId: string | null;
  /** True when this update pulled the image, so that it is ours to remove. */
  pulledHere: boolean;
}

async function restoreTag(engine: Engine, input: RemoveSuccessorInput): Promise<void> {
  if (input.tagReference === null) return;
  const [tagged, given] = await Promise.all([
    engine.inspectImage(input.tagReference),
    engine.inspectImage(input.imageId || input.pullReference),
  ]);
  if (given === null || tagged?.Id !== given.Id || input.previousTagImageId === given.Id) return;
  if (input.previousTagImageId === null) {
    await engine.removeImage(input.tagReference);
    return;
  }
  const separator = input.tagReference.lastIndexOf(':');
  await engine.tagImage(
    input.previousTagImageId,
    input.tagReference.slice(0, separator),
    input.tagReference.slice(separator + 1),
  );
}

/**
 * Undoes step `create`: removes the successor with the anonymous volumes that only it had (re-attached ones are named
 * for the engine and stay), puts the human tag back, and gives up the image where this update brought it.
 */
export async function removeSuccessor(engine: Engine, input: RemoveSuccessorInput): Promise<void> {
  const { successor } = await observeSwap(engine, input.swap);
  if (successor !== null) await persistently(() => engine.removeContainer(successor.Id, { anonymousVolumes: true }));
  await persistently(() => restoreTag(engine, input));
  if (!input.pulledHere) return;
  const image = await engine.inspectImage(input.imageId);
  if (image !== null && (image.RepoTags ?? []).length === 0) await engine.removeImage(input.pullReference);
}
