import { TypedFailure } from '../../contracts/failure-types.ts';
import type { KnownVersion, TagName, VersionPlatform } from '../../db/repositories/image-version-repository.ts';
import { canonicalName } from '../../domain/image-reference.ts';
import type { InventoryContainer } from '../docker/list-inventory.ts';
import type { CheckedImage } from '../history/save-check.ts';
import { namedReference } from './named-reference.ts';
import type { Platform } from './platform-manifest.ts';
import type { RecentHeads } from './recent-heads.ts';
import type { RegistryClient } from './registry-client.ts';
import { type ResolveCandidateResult, resolveCandidate } from './resolve-candidate.ts';

/** What a check needs of a container: no configuration. */
export type ContainerToCheck = Pick<
  InventoryContainer,
  'name' | 'image' | 'imageId' | 'repoTags' | 'repoDigests' | 'platform' | 'tags'
>;

export interface CheckImagesInput {
  /** Absent in checks of the first version. */
  tenantId?: string;
  containers: ContainerToCheck[];
  /** Answers of registries from then on are good enough; milliseconds since the epoch. Absent asks them anew. */
  sinceMs?: number;
  /** The same of lists of tags. */
  tagListsSinceMs?: number;
}

/** What registries said earlier, kept for all processes. */
export interface VersionStore {
  find(
    tenantId: string,
    platform: VersionPlatform,
    wanted: { tags: readonly TagName[]; since: Date },
  ): Promise<KnownVersion[]>;
  save(tenantId: string, platform: VersionPlatform, versions: readonly KnownVersion[]): Promise<void>;
}

export interface CheckClients {
  registryClient: RegistryClient;
  heads: RecentHeads;
  versions: VersionStore;
}

interface Asked {
  platform: VersionPlatform;
  /** By canonical name. */
  tags: Map<string, TagName>;
}

function toChecked(container: ContainerToCheck, found: ResolveCandidateResult): CheckedImage {
  const common = {
    containerName: container.name,
    image: container.image,
    currentDigest: found.currentDigest,
    reason: found.reason,
  };
  if (found.kind !== 'candidate') return { ...common, candidate: null, verdict: found.kind };
  if (!found.outdated) return { ...common, candidate: null, verdict: 'up_to_date' };
  return { ...common, candidate: { reference: found.reference, digest: found.digest }, verdict: 'outdated' };
}

function versionPlatform({ os, architecture, variant }: Platform): VersionPlatform {
  return { os, architecture: variant === null ? architecture : `${architecture}/${variant}` };
}

/** The tags that these containers follow, by platform. */
function tagsOf(containers: readonly ContainerToCheck[]): Asked[] {
  const asked = new Map<string, Asked>();
  for (const { image: reference, imageId, repoTags, repoDigests, platform } of containers) {
    const named = namedReference({ reference, imageId, repoTags, repoDigests }, false);
    if (named.kind !== 'named' || named.reference.tag === null || named.reference.digest !== null) continue;
    const of = versionPlatform(platform);
    const group = asked.get(JSON.stringify(of)) ?? { platform: of, tags: new Map<string, TagName>() };
    const { registry, repository, tag } = named.reference;
    group.tags.set(canonicalName(named.reference), { registry, repository, tag });
    asked.set(JSON.stringify(of), group);
  }
  return [...asked.values()];
}

const nameOf = (tag: TagName) => canonicalName({ ...tag, digest: null });

/**
 * Asks the registries for a batch of containers, once for each tag, and not at all for what they said lately. An error of
 * a registry is that container's verdict, never "up to date", never kept, and never the end of the others' check.
 */
export async function checkImages(
  { registryClient, heads, versions }: CheckClients,
  { tenantId, containers, sinceMs = Date.now(), tagListsSinceMs = sinceMs }: CheckImagesInput,
): Promise<CheckedImage[]> {
  const groups = tenantId === undefined ? [] : tagsOf(containers);
  const asked = new Set<string>();
  for (const { platform, tags } of groups) {
    const unknown = [...tags].filter(([name]) => heads.known(name, sinceMs) === null).map(([, tag]) => tag);
    const found = await versions.find(tenantId ?? '', platform, { tags: unknown, since: new Date(sinceMs) });
    for (const version of found) heads.learn(nameOf(version), { ...version, askedAtMs: version.checkedAt.getTime() });
    for (const name of tags.keys()) if (heads.known(name, sinceMs) === null) asked.add(name);
  }

  const client: RegistryClient = {
    ...registryClient,
    headManifest: (reference) => heads.head(reference, sinceMs),
    getManifest: (reference) => heads.manifest(reference),
    listTags: (reference) => heads.tags(reference, tagListsSinceMs),
  };
  const checked = await Promise.all(
    containers.map(async (container): Promise<CheckedImage> => {
      const { image: reference, imageId, repoTags, repoDigests, platform, tags } = container;
      try {
        const found = await resolveCandidate(client, {
          reference,
          imageId,
          repoTags,
          repoDigests,
          platform,
          target: null,
          ...(tags === undefined ? {} : { tags }),
        });
        return toChecked(container, found);
      } catch (error) {
        if (!(error instanceof TypedFailure)) throw error;
        return {
          containerName: container.name,
          image: reference,
          currentDigest: null,
          candidate: null,
          verdict: 'error',
          reason: error.message,
        };
      }
    }),
  );

  for (const { platform, tags } of groups) {
    const answers = [...tags].flatMap(([name, tag]): KnownVersion[] => {
      const head = asked.has(name) ? heads.known(name, sinceMs) : null;
      if (head === null) return [];
      return [{ ...tag, digest: head.digest, mediaType: head.mediaType, checkedAt: new Date(head.askedAtMs) }];
    });
    await versions.save(tenantId ?? '', platform, answers);
  }
  return checked;
}
