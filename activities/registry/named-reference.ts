import {
  familiarName,
  type ImageReference,
  isImageId,
  parseImageReference,
  repositoryName,
} from '../../domain/image-reference.ts';

/** What the engine says of a container's image. */
export interface RecordedImage {
  /** As in `Config.Image`. */
  reference: string;
  imageId: string;
  repoTags: string[];
  repoDigests: string[];
}

export type NamedReference =
  | { kind: 'named'; reference: ImageReference }
  /** Run by image id, and the image's names don't say which tag to follow. */
  | { kind: 'unresolvable'; reason: string }
  | { kind: 'invalid'; reason: string };

const NO_NAME = '<none>';

function parsed(text: string): ImageReference | null {
  const result = parseImageReference(text);
  return result.ok ? result.reference : null;
}

/** The image's own names, without the placeholders that the engine shows for none. */
function namesOf(references: string[]): ImageReference[] {
  return references.filter((text) => !text.includes(NO_NAME)).flatMap((text) => parsed(text) ?? []);
}

/** A short id may also be a name; it is one when the image is called so. */
function runsByImageId({ reference, imageId, repoTags, repoDigests }: RecordedImage): boolean {
  if (!isImageId(reference, imageId)) return false;
  const asName = parsed(reference);
  if (asName === null) return true;
  return !namesOf([...repoTags, ...repoDigests]).some((name) => repositoryName(name) === repositoryName(asName));
}

function nameOfBareId(image: RecordedImage, tagIsGiven: boolean): NamedReference {
  const tags = namesOf(image.repoTags);
  const digests = namesOf(image.repoDigests);
  const [only] = tags;
  if (only !== undefined && tags.length === 1) return { kind: 'named', reference: only };
  const repositories = new Map([...tags, ...digests].map((name) => [repositoryName(name), name]));
  const [repository] = repositories.values();
  if (tagIsGiven && repository !== undefined && repositories.size === 1)
    return { kind: 'named', reference: { ...repository, digest: null } };

  const runs = 'The container runs by image id';
  const advice = 'Recreate it by a name with a tag to have it kept up to date.';
  if (tags.length > 1)
    return {
      kind: 'unresolvable',
      reason: `${runs}, and the image has several tags (${tags.map(familiarName).join(', ')}): which one to follow is not known. ${advice}`,
    };
  if (digests.length > 0)
    return {
      kind: 'unresolvable',
      reason: `${runs}, and the image is known by digest only (${digests.map(familiarName).join(', ')}): there is no tag to follow. ${advice}`,
    };
  return { kind: 'unresolvable', reason: `${runs}, and the image has no name: no registry can be asked. ${advice}` };
}

/**
 * The name under which a registry can be asked about a container's image; one that runs by bare image id is named by
 * its only tag.
 * @param tagIsGiven true when the tag or digest to move to comes from elsewhere, so that the repository alone suffices
 */
export function namedReference(image: RecordedImage, tagIsGiven: boolean): NamedReference {
  if (runsByImageId(image)) return nameOfBareId(image, tagIsGiven);
  const result = parseImageReference(image.reference);
  return result.ok ? { kind: 'named', reference: result.reference } : { kind: 'invalid', reason: result.problem };
}
