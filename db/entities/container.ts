import { defineEntity, p } from '@mikro-orm/core';
import { Host } from './host.ts';
import { Tenant } from './tenant.ts';

/** `removed` is a container that its engine no longer has; its history stays. */
export const CONTAINER_STATUSES = ['running', 'stopped', 'paused', 'restarting', 'removed'] as const;
export const CONTAINER_VERDICTS = [
  'outdated',
  'up_to_date',
  'local',
  'pinned',
  'quarantined',
  'unresolvable',
  'error',
] as const;

/** The image that a check says the container could move to. */
export interface Candidate {
  reference: string;
  digest: string;
}

/** Known by host and name: the engine's id (`containerId`) changes with every recreation. */
export const Container = defineEntity({
  name: 'Container',
  tableName: 'containers',
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').index(false),
    hostId: () => p.manyToOne(Host).mapToPk().fieldName('host_id').deleteRule('cascade').index(false),
    name: p.string().length(255),
    image: p.text(),
    tag: p.string().length(128).default('latest'),
    containerId: p.string().length(64).strictNullable(),
    status: p.enum(CONTAINER_STATUSES),
    /** Sealed: the environment in it is secret. */
    configJson: p.uint8array().strictNullable().lazy(),
    updatePolicy: p.string().length(32),
    /** Where the policy was set: `api`, a label's full name, `default`; `protected` where this program must not touch it. */
    policyOrigin: p.string().length(255).default('default'),
    policy: p.json<Record<string, unknown>>().defaultRaw(`'{}'`),
    registryUrl: p.text().strictNullable(),
    /** Sealed. */
    registryAuth: p.uint8array().strictNullable().lazy(),
    healthCheck: p.json<Record<string, unknown>>().strictNullable(),
    currentDigest: p.string().length(71).strictNullable(),
    candidate: p.json<Candidate>().strictNullable(),
    firstSeenAt: p.datetime(3).strictNullable(),
    verdict: p.enum(CONTAINER_VERDICTS).strictNullable(),
    verdictReason: p.text().strictNullable(),
    checkedAt: p.datetime(3).strictNullable(),
    createdAt: p.datetime(3).defaultRaw('now()'),
    updatedAt: p.datetime(3).defaultRaw('now()'),
  },
  uniques: [{ name: 'containers_host_id_name_unique', properties: ['hostId', 'name'] }],
  indexes: [
    { name: 'containers_status_index', properties: ['status'] },
    { name: 'containers_update_policy_index', properties: ['updatePolicy'] },
    { name: 'containers_tenant_id_name_index', properties: ['tenantId', 'name'] },
    {
      name: 'containers_name_trigram_index',
      expression: 'create index "containers_name_trigram_index" on "containers" using gin ("name" gin_trgm_ops)',
    },
    {
      name: 'containers_image_trigram_index',
      expression: 'create index "containers_image_trigram_index" on "containers" using gin ("image" gin_trgm_ops)',
    },
  ],
});
