import { parseImageReference } from '../../domain/image-reference.ts';
import type { Engine } from './engine/engine.ts';

/** What a container's creation by name depends on. */
export interface WantedImage {
  /** As the container was created with, and is to show it again. */
  reference: string;
  imageId: string;
  /** A tag of ours that marks the image which has the name meanwhile, so that it gets the name back after our death. */
  guardTag: string;
}

function tagOf(reference: string): { repository: string; tag: string } | null {
  const parsed = parseImageReference(reference);
  if (!parsed.ok || parsed.reference.digest !== null || parsed.reference.tag === null) return null;
  const named = reference.endsWith(`:${parsed.reference.tag}`);
  return {
    repository: named ? reference.slice(0, -parsed.reference.tag.length - 1) : reference,
    tag: parsed.reference.tag,
  };
}

/**
 * Runs something that creates a container by a name which must mean that image. Where the tag has moved on since (a newer
 * image was pulled), it is put back for this moment only: created by id, the container would show no name any more, and
 * nobody could tell what it is to be updated to.
 * @param run gets the reference to create by: the name, or the image's id where the name can't be made to mean it
 */
export async function atReference<Answer>(
  engine: Engine,
  { reference, imageId, guardTag }: WantedImage,
  run: (reference: string) => Promise<Answer>,
): Promise<Answer> {
  const [present, guarded] = await Promise.all([engine.inspectImage(reference), engine.inspectImage(guardTag)]);
  if (present?.Id === imageId && guarded === null) return run(reference);
  const name = tagOf(reference);
  if (name === null) return run(imageId);
  const [guardRepository = '', guard = ''] = guardTag.split(':');
  if (present !== null && guarded === null) await engine.tagImage(present.Id, guardRepository, guard);
  await engine.tagImage(imageId, name.repository, name.tag);
  try {
    return await run(reference);
  } finally {
    const owner = guarded ?? present;
    if (owner === null) await engine.removeImage(reference);
    else await giveBack(engine, owner.Id, name, guardTag);
  }
}

async function giveBack(
  engine: Engine,
  imageId: string,
  { repository, tag }: { repository: string; tag: string },
  guardTag: string,
): Promise<void> {
  await engine.tagImage(imageId, repository, tag);
  await engine.removeImage(guardTag);
}

/** Finishes what an attempt left undone that died after its container was made: the tag goes back to its image. */
export async function settleReference(
  engine: Engine,
  { reference, guardTag }: Pick<WantedImage, 'reference' | 'guardTag'>,
): Promise<void> {
  const [guarded, name] = [await engine.inspectImage(guardTag), tagOf(reference)];
  if (guarded !== null && name !== null) await giveBack(engine, guarded.Id, name, guardTag);
}
