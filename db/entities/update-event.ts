import { defineEntity, p } from '@mikro-orm/core';
import { Tenant } from './tenant.ts';
import { UpdateHistory } from './update-history.ts';

/** A line of an update's timeline. The unique pair lets a retried activity write it once. */
export const UpdateEvent = defineEntity({
  name: 'UpdateEvent',
  tableName: 'update_events',
  properties: {
    id: p.bigint('string').primary().autoincrement(),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').index(false),
    updateId: () => p.manyToOne(UpdateHistory).mapToPk().fieldName('update_id').deleteRule('cascade').index(false),
    seq: p.integer(),
    step: p.string().length(32),
    state: p.string().length(32),
    cause: p.text(),
    detail: p.json<Record<string, unknown>>().defaultRaw(`'{}'`),
    at: p.datetime(3),
  },
  uniques: [{ name: 'update_events_update_id_seq_unique', properties: ['updateId', 'seq'] }],
  indexes: [{ name: 'update_events_at_index', properties: ['at'] }],
});
