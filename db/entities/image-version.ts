import { defineEntity, p } from '@mikro-orm/core';
import { Tenant } from './tenant.ts';

/** What a registry said last of a tag, for one platform. */
export const ImageVersion = defineEntity({
  name: 'ImageVersion',
  tableName: 'image_versions',
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').index(false),
    /** Host with optional port, such as `docker.io`. */
    registryUrl: p.string().length(255),
    /** Path within the registry, such as `library/nginx`. */
    imageName: p.string().length(255),
    tag: p.string().length(128),
    os: p.string().length(32),
    /** With its variant: `arm/v7`. */
    architecture: p.string().length(32),
    digest: p.string().length(71),
    mediaType: p.string().length(128),
    sizeBytes: p.bigint('number').strictNullable(),
    publishedAt: p.datetime(3).strictNullable(),
    /** When the tag was first seen to point to this digest. */
    firstSeenAt: p.datetime(3),
    checkedAt: p.datetime(3),
  },
  uniques: [
    {
      name: 'image_versions_tag_of_platform_unique',
      properties: ['tenantId', 'imageName', 'tag', 'registryUrl', 'architecture', 'os'],
    },
  ],
  indexes: [
    { name: 'image_versions_image_name_tag_index', properties: ['imageName', 'tag'] },
    {
      name: 'image_versions_checked_at_index',
      expression: 'create index "image_versions_checked_at_index" on "image_versions" ("checked_at" desc)',
    },
  ],
});
