import type { Engine } from './engine/engine.ts';
import { persistently } from './give-name-back.ts';

export interface KeptImage {
  imageId: string;
  keepTag: string;
}

/**
 * Gives up images that were kept for a way back: takes the keeping tag off and removes the image where nothing else
 * refers to it. An image in use, or with a tag of somebody's, stays.
 */
export async function releaseImages(engine: Engine, images: KeptImage[]): Promise<void> {
  for (const { imageId, keepTag } of images) {
    await persistently(() => engine.removeImage(keepTag));
    const left = await engine.inspectImage(imageId);
    if (left !== null && (left.RepoTags ?? []).length === 0) await engine.removeImage(imageId);
  }
}
