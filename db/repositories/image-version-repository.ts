import type { EntityManager } from '@mikro-orm/postgresql';
import { ImageVersion } from '../entities/image-version.ts';

/** A tag of a repository; `registry` with its optional port. */
export interface TagName {
  registry: string;
  repository: string;
  tag: string;
}

/** `architecture` with its variant: `arm/v7`. */
export interface VersionPlatform {
  os: string;
  architecture: string;
}

export interface KnownVersion extends TagName {
  digest: string;
  mediaType: string;
  checkedAt: Date;
}

/** What registries said last of the tags that were asked for. */
export function createImageVersionRepository(em: EntityManager) {
  return {
    /** Those of these tags that were asked for at that moment or later. */
    async find(
      tenantId: string,
      { os, architecture }: VersionPlatform,
      { tags, since }: { tags: readonly TagName[]; since: Date },
    ): Promise<KnownVersion[]> {
      if (tags.length === 0) return [];
      const rows = await em.fork().find(ImageVersion, {
        tenantId,
        os,
        architecture,
        checkedAt: { $gte: since },
        imageName: { $in: [...new Set(tags.map(({ repository }) => repository))] },
        tag: { $in: [...new Set(tags.map(({ tag }) => tag))] },
      });
      const wanted = new Set(tags.map(keyOf));
      return rows
        .map(({ registryUrl, imageName, tag, digest, mediaType, checkedAt }) => ({
          ...{ registry: registryUrl, repository: imageName, tag },
          ...{ digest, mediaType, checkedAt },
        }))
        .filter((version) => wanted.has(keyOf(version)));
    },

    /** Stores what was found; a tag's digest keeps the moment at which it was first seen there. */
    async save(
      tenantId: string,
      { os, architecture }: VersionPlatform,
      versions: readonly KnownVersion[],
    ): Promise<void> {
      if (versions.length === 0) return;
      const manager = em.fork();
      // In one order always, so that two who store the same can't wait for each other.
      const rows = versions.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
      const parameters = rows.flatMap((row) => [
        tenantId,
        row.registry,
        row.repository,
        row.tag,
        os,
        architecture,
        row.digest,
        row.mediaType,
        row.checkedAt,
        row.checkedAt,
      ]);
      await manager.execute(
        `insert into "image_versions" ("tenant_id", "registry_url", "image_name", "tag", "os", "architecture", "digest", "media_type", "first_seen_at", "checked_at")
         values ${rows.map(() => '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}
         on conflict ("tenant_id", "image_name", "tag", "registry_url", "architecture", "os") do update set
           "first_seen_at" = case when "image_versions"."digest" = excluded."digest" then "image_versions"."first_seen_at" else excluded."first_seen_at" end,
           "size_bytes" = case when "image_versions"."digest" = excluded."digest" then "image_versions"."size_bytes" end,
           "published_at" = case when "image_versions"."digest" = excluded."digest" then "image_versions"."published_at" end,
           "digest" = excluded."digest", "media_type" = excluded."media_type", "checked_at" = excluded."checked_at"
         where "image_versions"."checked_at" <= excluded."checked_at"`,
        parameters,
      );
    },

    /** Drops what was last asked for before that moment, of all tenants. @returns how many */
    forget: (before: Date): Promise<number> => em.fork().nativeDelete(ImageVersion, { checkedAt: { $lt: before } }),
  };
}

function keyOf({ registry, repository, tag }: TagName): string {
  return `${registry}/${repository}:${tag}`;
}
