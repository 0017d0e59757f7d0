import { defineEntity, p } from '@mikro-orm/core';
import { Container } from './container.ts';
import { Tenant } from './tenant.ts';

/** A digest that failed for a container and isn't tried again by itself. */
export const QuarantinedDigest = defineEntity({
  name: 'QuarantinedDigest',
  tableName: 'quarantined_digests',
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').index('quarantined_digests_tenant_id_index'),
    container: () => p.manyToOne(Container).ref().fieldName('container_id').deleteRule('cascade').index(false),
    digest: p.string().length(71),
    /** No foreign key: the digest stays quarantined after the history's retention dropped that update. */
    updateId: p.uuid(),
    reason: p.text(),
    createdAt: p.datetime(3).defaultRaw('now()'),
  },
  uniques: [{ name: 'quarantined_digests_container_id_digest_unique', properties: ['container', 'digest'] }],
});
