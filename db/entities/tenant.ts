import { defineEntity, p } from '@mikro-orm/core';

export const Tenant = defineEntity({
  name: 'Tenant',
  tableName: 'tenants',
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    name: p.text(),
    slug: p.string().length(64).unique('tenants_slug_unique'),
    config: p.json<Record<string, unknown>>().defaultRaw(`'{}'`),
    isActive: p.boolean().default(true),
    createdAt: p.datetime(3).defaultRaw('now()'),
  },
});
