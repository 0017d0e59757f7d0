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
  'name' | 'image' | 'imageId' | 'repoTags' | 'repoDigests' | 'platform' | 'tags' | 'createdMs'
>;

export interface CheckImagesInput {
  /** Absent in checks of the first version. */
  tenantId?: string;
  containers: ContainerToCheck[];
  /** Answers of registries that are no older are good enough; milliseconds. Absent asks them anew. */
  maxAgeMs?: number;
  /** The same of lists of tags. */
  maxTagListAgeMs?: number;
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
  /** Told what could not be remembered; the check goes on. */
  warn(message: string, details: Record<string, unknown>): void;
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

/** What the table takes; anything longer is asked for again. */
function fits({ registry, repository, tag, digest, mediaType }: KnownVersion): boolean {
  const lengths = [registry.length, repository.length, tag.length, digest.length, mediaType.length];
  return lengths.every((length, index) => length <= ([255, 255, 128, 71, 128][index] ?? 0));
}

const nameOf = (tag: TagName) => canonicalName({ ...tag, digest: null });

/**
 * Asks the registries for a batch of containers, once for each tag, and not at all for what they said lately. An error of
 * a registry is that container's verdict, never "up to date", never kept, and never the end of the others' check.
 */
export async function checkImages(
  { registryClient, heads, versions, warn }: CheckClients,
  { tenantId, containers, maxAgeMs = 0, maxTagListAgeMs = maxAgeMs }: CheckImagesInput,
): Promise<CheckedImage[]> {
  const beganMs = Date.now();
  const sinceMs = beganMs - maxAgeMs;
  const groups = tenantId === undefined ? [] : tagsOf(containers);
  for (const { platform, tags } of groups) {
    const unknown = [...tags].filter(([name]) => heads.known(name, sinceMs) === null).map(([, tag]) => tag);
    const found = await versions.find(tenantId ?? '', platform, { tags: unknown, since: new Date(sinceMs) });
    for (const version of found) heads.learn(nameOf(version), { ...version, askedAtMs: version.checkedAt.getTime() });
  }

  const clientSince = (since: number): RegistryClient => ({
    ...registryClient,
    headManifest: (reference) => heads.head(reference, since),
    getManifest: (reference) => heads.manifest(reference),
    getBlob: (reference) => heads.blob(reference),
    listTags: (reference) => heads.tags(reference, beganMs - maxTagListAgeMs),
  });
  const checked = await Promise.all(
    containers.map(async (container): Promise<CheckedImage> => {
      const { image: reference, imageId, repoTags, repoDigests, platform, tags, createdMs = 0 } = container;
      // What was said before it was made may be older than what it runs.
      const client = clientSince(Math.max(sinceMs, createdMs));
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
      const head = heads.known(name, beganMs);
      if (head === null) return [];
      return [{ ...tag, digest: head.digest, mediaType: head.mediaType, checkedAt: new Date(head.askedAtMs) }];
    });
    try {
      await versions.save(tenantId ?? '', platform, answers.filter(fits));
    } catch (error) {
      warn('What registries said could not be remembered', { error: String(error) });
    }
  }
  return checked;
}
