import { TypedFailure } from '../../contracts/failure-types.ts';
import {
  familiarName,
  type ImageReference,
  parseImageReference,
  repositoryName,
} from '../../domain/image-reference.ts';
import { digestsForRepository } from '../../domain/repo-digests.ts';
import type { TagSelection } from '../../domain/tags/tag-selection.ts';
import { followTag } from './follow-tag.ts';
import { namedReference } from './named-reference.ts';
import { findPlatformManifest, isIndex, type Platform, platformName } from './platform-manifest.ts';
import type { RegistryClient } from './registry-client.ts';

/** The tag or digest to move to; null follows the container's own tag. */
export type CandidateTarget = { kind: 'tag'; tag: string } | { kind: 'digest'; digest: string };

export interface ResolveCandidateInput {
  /** As in `Config.Image`. */
  reference: string;
  imageId: string;
  repoTags: string[];
  repoDigests: string[];
  platform: Platform;
  target: CandidateTarget | null;
  /** How the container's next tag is chosen where no target is asked for. Absent means the rule `digest`. */
  tags?: TagSelection;
}

/** There is something to compare with, newer or not. */
export interface ResolvedCandidate {
  kind: 'candidate';
  /** As people write it, with its tag: `nginx:1.27`. */
  reference: string;
  /** Repository by digest, as the engine pulls it: `127.0.0.1:5000/web@sha256:…`. */
  pullReference: string;
  /** The tag to put onto the pulled image, or null where the container stays on a digest. */
  tagReference: string | null;
  digest: string;
  /** The digest that the container's image has in this repository, or null when none is recorded. */
  currentDigest: string | null;
  outdated: boolean;
  /** Whether it goes to another tag than the container's own by the container's rule. Absent means no. */
  movesTag?: boolean;
  /** One plain sentence. */
  reason: string;
}

/** Nothing that a registry could be asked about. */
interface NoCandidate {
  kind: 'local' | 'pinned' | 'unresolvable';
  reference: string;
  currentDigest: string | null;
  reason: string;
}

export type ResolveCandidateResult = ResolvedCandidate | NoCandidate;

const short = (digest: string) => digest.slice(0, 'sha256:'.length + 12);

/** What is asked of the registry; a container that is pinned by digest stays so when it moves to another digest. */
function wantedReference(
  reference: ImageReference,
  target: CandidateTarget | null,
): { asked: ImageReference; tag: string | null } {
  if (target === null) return { asked: reference, tag: reference.tag };
  if (target.kind === 'tag') return { asked: { ...reference, tag: target.tag, digest: null }, tag: target.tag };
  return {
    asked: { ...reference, tag: null, digest: target.digest },
    tag: reference.digest === null ? reference.tag : null,
  };
}

function checkTarget(reference: ImageReference, target: CandidateTarget | null): void {
  if (target === null) return;
  const name = repositoryName(reference);
  const parsed = parseImageReference(target.kind === 'tag' ? `${name}:${target.tag}` : `${name}@${target.digest}`);
  if (!parsed.ok)
    throw new TypedFailure('ImageRefInvalid', `The ${target.kind} to move to is malformed. ${parsed.problem}`);
}

/**
 * Whether the engine recorded the digest of this platform's manifest rather than the index's.
 * @throws TypedFailure `PlatformMismatch` when the index has nothing for the platform
 */
async function runsFromIndex(
  client: RegistryClient,
  asked: ImageReference,
  digest: string,
  recorded: string[],
  platform: Platform,
): Promise<boolean> {
  // By digest, so that a tag moved in between can't mix two versions.
  const index = await client.getManifest({ ...asked, tag: null, digest });
  const match = findPlatformManifest(index.body, platform);
  if (match === null) {
    throw new TypedFailure(
      'RegistryUnavailable',
      `The registry ${asked.registry} sent an index for ${familiarName(asked)} that can't be read. This is tried again by itself.`,
    );
  }
  if (match.kind === 'absent') {
    const has = match.platforms.length > 0 ? `has ${match.platforms.join(', ')} only` : 'has no image at all';
    throw new TypedFailure(
      'PlatformMismatch',
      `${familiarName(asked)} has no image for ${platformName(platform)}: it ${has}. Choose another tag.`,
    );
  }
  return match.kind === 'found' && recorded.includes(match.digest);
}

async function askRegistry(
  client: RegistryClient,
  reference: ImageReference,
  input: ResolveCandidateInput,
  recorded: string[],
): Promise<ResolvedCandidate> {
  const { asked, tag } = wantedReference(reference, input.target);
  const { digest, mediaType } = await client.headManifest(asked);
  const sameDigest = recorded.includes(digest);
  const samePlatform =
    !sameDigest && isIndex(mediaType) && (await runsFromIndex(client, asked, digest, recorded, input.platform));
  const outdated = !sameDigest && !samePlatform;
  const currentDigest = sameDigest ? digest : (recorded[0] ?? null);
  const shown = familiarName({ ...reference, tag, digest: tag === null ? digest : null });
  const upToDate = `${shown} is up to date: the registry has ${short(digest)}${samePlatform ? `, whose image for ${platformName(input.platform)} is the one that the container has` : ', as the container has'}.`;
  return {
    kind: 'candidate',
    reference: shown,
    pullReference: familiarName({ ...reference, tag: null, digest }),
    tagReference: tag === null ? null : familiarName({ ...reference, tag, digest: null }),
    digest,
    currentDigest,
    outdated,
    reason: outdated
      ? `The registry has ${short(digest)} for ${shown}; the container has ${currentDigest === null ? 'an image that is not from there' : short(currentDigest)}.`
      : upToDate,
  };
}

/**
 * What a container could move to, at the cost of one HEAD; the index is fetched only where no recorded digest matches.
 * Only digests of the same repository are compared, any match is a match, and a registry that fails is never "up to date".
 * @throws TypedFailure `ImageRefInvalid`, `PlatformMismatch`, and what the registry client throws
 */
export async function resolveCandidate(
  client: RegistryClient,
  input: ResolveCandidateInput,
): Promise<ResolveCandidateResult> {
  const named = namedReference(input, input.target !== null);
  if (named.kind === 'invalid') throw new TypedFailure('ImageRefInvalid', named.reason);
  if (named.kind === 'unresolvable')
    return { kind: 'unresolvable', reference: input.reference, currentDigest: null, reason: named.reason };

  const { reference } = named;
  const recorded = digestsForRepository(input.repoDigests, reference);
  const shown = familiarName(reference);
  if (input.target === null && reference.digest !== null) {
    return {
      kind: 'pinned',
      reference: shown,
      currentDigest: reference.digest,
      reason: `The container is pinned to ${short(reference.digest)} by its reference; it moves only to a tag or digest that is asked for.`,
    };
  }
  if (input.target === null && recorded.length === 0) {
    return {
      kind: 'local',
      reference: shown,
      currentDigest: null,
      reason: `The image was built or loaded on this host: the engine has no digest of ${familiarName({ ...reference, tag: null, digest: null })} recorded for it.`,
    };
  }
  checkTarget(reference, input.target);
  if (input.target !== null || input.tags === undefined || reference.tag === null)
    return askRegistry(client, reference, input, recorded);

  const followed = await followTag(client, { ...reference, tag: reference.tag }, input.tags, input.platform);
  const why = followed.why ?? '';
  if (followed.pinned) return { kind: 'pinned', reference: shown, currentDigest: recorded[0] ?? null, reason: why };
  const movesTag = followed.tag !== reference.tag;
  const target = movesTag ? ({ kind: 'tag', tag: followed.tag } as const) : null;
  const found = await askRegistry(client, reference, { ...input, target }, recorded);
  return { ...found, movesTag, reason: why === '' ? found.reason : `${why} ${found.reason}` };
}
