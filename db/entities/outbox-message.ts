import { defineEntity, p } from '@mikro-orm/core';
import { Tenant } from './tenant.ts';
import { UpdateHistory } from './update-history.ts';

export const OUTBOX_CHANNELS = ['webhook', 'email'] as const;

/** A notification to deliver at least once; its delivery key lets a receiver drop repeats. */
export const OutboxMessage = defineEntity({
  name: 'OutboxMessage',
  tableName: 'outbox',
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').index(false),
    updateId: () =>
      p.manyToOne(UpdateHistory).mapToPk().fieldName('update_id').deleteRule('cascade').index('outbox_update_id_index'),
    deliveryKey: p.string().length(255).unique('outbox_delivery_key_unique'),
    channel: p.enum(OUTBOX_CHANNELS),
    event: p.string().length(64),
    /** Sealed: it may quote a log. */
    payload: p.uint8array(),
    attempts: p.integer().default(0),
    lastError: p.text().strictNullable(),
    createdAt: p.datetime(3).defaultRaw('now()'),
    deliveredAt: p.datetime(3).strictNullable(),
  },
  indexes: [{ name: 'outbox_pending_index', properties: ['createdAt'], where: '"delivered_at" is null' }],
});
