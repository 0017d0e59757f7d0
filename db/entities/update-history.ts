import { defineEntity, p } from '@mikro-orm/core';
import { Container } from './container.ts';
import { Tenant } from './tenant.ts';

/** The statuses that still change; an update in any other is closed for good. */
export const OPEN_STATUSES = ['running', 'waiting'] as const;
export const UPDATE_STATUSES = [
  ...OPEN_STATUSES,
  'success',
  'failed',
  'rollback',
  'cancelled',
  'up_to_date',
  'expired',
] as const;
export const UPDATE_TRIGGERS = ['auto', 'manual', 'schedule', 'webhook', 'batch'] as const;

/** One run of the update workflow. The id is the caller's, so that a retried opening finds its own row. */
export const UpdateHistory = defineEntity({
  name: 'UpdateHistory',
  tableName: 'update_history',
  properties: {
    id: p.uuid().primary(),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').index(false),
    container: () => p.manyToOne(Container).ref().fieldName('container_id').deleteRule('cascade').index(false),
    oldImage: p.text().strictNullable(),
    newImage: p.text().strictNullable(),
    oldDigest: p.string().length(71).strictNullable(),
    newDigest: p.string().length(71).strictNullable(),
    status: p.enum(UPDATE_STATUSES),
    errorType: p.string().length(64).strictNullable(),
    errorMessage: p.text().strictNullable(),
    message: p.text().strictNullable(),
    durationSeconds: p.double().$type<number>().strictNullable(),
    downtimeMs: p.integer().strictNullable(),
    triggeredBy: p.enum(UPDATE_TRIGGERS),
    requestedBy: p.text(),
    rollbackOf: p.uuid().strictNullable(),
    workflowId: p.text(),
    runId: p.string().length(64).strictNullable(),
    batchId: p.uuid().strictNullable(),
    /** Sealed: a program may print its secrets. */
    logTail: p.uint8array().strictNullable().lazy(),
    failedExitCode: p.integer().strictNullable(),
    startedAt: p.datetime(3),
    completedAt: p.datetime(3).strictNullable(),
  },
  indexes: [
    {
      name: 'update_history_container_id_started_at_index',
      properties: ['container', 'startedAt'],
      columns: [{ name: 'container_id' }, { name: 'started_at', sort: 'DESC' }],
    },
    {
      name: 'update_history_status_started_at_index',
      properties: ['status', 'startedAt'],
      columns: [{ name: 'status' }, { name: 'started_at', sort: 'DESC' }],
    },
    {
      name: 'update_history_tenant_id_started_at_index',
      properties: ['tenantId', 'startedAt'],
      columns: [{ name: 'tenant_id' }, { name: 'started_at', sort: 'DESC' }],
    },
  ],
});
