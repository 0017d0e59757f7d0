import { TypedFailure } from '../../contracts/failure-types.ts';
import { canonicalName, familiarName, type ImageReference } from '../../domain/image-reference.ts';
import { chooseTag } from '../../domain/tags/choose-tag.ts';
import { readTagSelection, type TagSelection } from '../../domain/tags/tag-selection.ts';
import { describeCandidateImage } from './describe-candidate-image.ts';
import type { Platform } from './platform-manifest.ts';
import type { RegistryClient } from './registry-client.ts';

/** Each costs up to three requests. */
const MOST_DATED_TAGS = 100;

export interface FollowedTag {
  /** The tag to ask for; the container's own where the rule finds no newer one. */
  tag: string;
  /** Whether the container is not to move at all. */
  pinned: boolean;
  /** One plain sentence; null where the container's own tag is followed and nothing else was looked for. */
  why: string | null;
}

async function creationDates(
  client: RegistryClient,
  reference: ImageReference,
  tags: readonly string[],
  platform: Platform,
): Promise<Map<string, number>> {
  if (tags.length > MOST_DATED_TAGS) {
    throw new TypedFailure(
      'PolicyDenied',
      `The tag rule newest would have to look at ${tags.length} tags of ${familiarName({ ...reference, tag: null })}, and looks at ${MOST_DATED_TAGS} at most. Narrow them down with docker-auto.include, or choose another rule.`,
    );
  }
  const dated = await Promise.all(
    tags.map(async (tag): Promise<[string, number]> => {
      // A HEAD counts as no pull, and what a digest names is fetched once only.
      const { digest } = await client.headManifest({ ...reference, tag, digest: null });
      const pullReference = canonicalName({ ...reference, tag: null, digest });
      const image = await describeCandidateImage(client, { pullReference, platform });
      return [tag, Date.parse(image?.Created ?? '')];
    }),
  );
  return new Map(dated.filter(([, created]) => !Number.isNaN(created)));
}

/**
 * The tag that a container's rule goes to.
 * @param reference with the tag that it runs on
 * @throws TypedFailure `PolicyDenied` where the rule can't be read or followed, so that nothing moves by a rule that
 * nobody meant; and what the registry client throws
 */
export async function followTag(
  client: RegistryClient,
  reference: ImageReference & { tag: string },
  selection: TagSelection,
  platform: Platform,
): Promise<FollowedTag> {
  const { tag: current } = reference;
  const read = readTagSelection(selection);
  if (!read.ok) throw new TypedFailure('PolicyDenied', `${read.problem} Nothing is looked for until that is mended.`);
  const { rule, include, exclude } = read;
  if (rule.kind === 'digest') return { tag: current, pinned: false, why: null };
  if (rule.kind === 'pinned') {
    return { tag: current, pinned: true, why: `The tag rule (${selection.ruleOrigin}) pins it to ${current}.` };
  }
  const tags = await client.listTags({ ...reference, digest: null });
  const wanted = (tag: string) => include?.test(tag) !== false && exclude?.test(tag) !== true;
  const created =
    rule.kind === 'newest'
      ? await creationDates(client, reference, [...new Set([current, ...tags.filter(wanted)])], platform)
      : undefined;
  const choice = chooseTag({ current, rule, include, exclude, tags, ...(created === undefined ? {} : { created }) });
  return { tag: choice.candidate ?? current, pinned: false, why: choice.why };
}
