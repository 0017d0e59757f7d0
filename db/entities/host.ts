import { defineEntity, p } from '@mikro-orm/core';
import { Tenant } from './tenant.ts';

export const HOST_STATES = ['reachable', 'unreachable'] as const;

/** A managed engine. Its id is text that people choose (`local`), because it is part of task queue names. */
export const Host = defineEntity({
  name: 'Host',
  tableName: 'hosts',
  properties: {
    id: p.string().length(64).primary(),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').index('hosts_tenant_id_index'),
    name: p.text(),
    kind: p.string().length(32),
    state: p.enum(HOST_STATES),
    stateReason: p.text().strictNullable(),
    engineVersion: p.string().length(64).strictNullable(),
    labels: p.json<Record<string, string>>().defaultRaw(`'{}'`),
    lastSeenAt: p.datetime(3).strictNullable(),
    createdAt: p.datetime(3).defaultRaw('now()'),
  },
});
