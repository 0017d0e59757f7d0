import { defineEntity, p } from '@mikro-orm/core';
import { Container } from './container.ts';
import { Tenant } from './tenant.ts';
import { UpdateHistory } from './update-history.ts';

/** What is needed to bring a predecessor back. Both inspects come sealed; this layer never opens them. */
export const UpdateBackup = defineEntity({
  name: 'UpdateBackup',
  tableName: 'update_backups',
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').index(false),
    updateId: () =>
      p
        .manyToOne(UpdateHistory)
        .mapToPk()
        .fieldName('update_id')
        .deleteRule('cascade')
        .unique('update_backups_update_id_unique'),
    containerId: () => p.manyToOne(Container).mapToPk().fieldName('container_id').deleteRule('cascade').index(false),
    inspect: p.uint8array().lazy(),
    imageInspect: p.uint8array().lazy(),
    imageId: p.string().length(71),
    digest: p.string().length(71).strictNullable(),
    imageReference: p.text(),
    keepTag: p.text(),
    volumes: p.json<string[]>(),
    createdAt: p.datetime(3).defaultRaw('now()'),
    releasedAt: p.datetime(3).strictNullable(),
  },
  indexes: [
    {
      name: 'update_backups_container_id_created_at_index',
      properties: ['containerId', 'createdAt'],
      columns: [{ name: 'container_id' }, { name: 'created_at', sort: 'DESC' }],
    },
  ],
});
