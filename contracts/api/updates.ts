import { z } from 'zod';
import { WRITABLE_LAYER_POLICIES } from '../../domain/policy/policy-settings.ts';
import { UPDATE_STATUSES } from '../update.ts';
import { listSchema, timestampSchema } from './envelope.ts';
import { pageQueryFields, queryDateFrom, queryDateTo } from './query-values.ts';

/** How the history names who started an update; a rollback is `manual` with `rollback_of`. */
const HISTORY_TRIGGERS = ['auto', 'manual', 'schedule', 'webhook', 'batch'] as const;

/** Query of `GET /updates/history`; dates are about the start. */
export const historyQuery = z.strictObject({
  container_id: z.uuid().optional(),
  status: z.enum(UPDATE_STATUSES).optional(),
  start_date: queryDateFrom.optional(),
  end_date: queryDateTo.optional(),
  triggered_by: z.enum(HISTORY_TRIGGERS).optional(),
  ...pageQueryFields,
});

/** One update as the history has it; it ends when `completed_at` is set. */
export const updateSchema = z.strictObject({
  id: z.uuid(),
  host_id: z.string(),
  container_id: z.uuid(),
  container_name: z.string(),
  status: z.enum(UPDATE_STATUSES),
  old_image: z.string().nullable(),
  new_image: z.string().nullable(),
  old_digest: z.string().nullable(),
  new_digest: z.string().nullable(),
  /** A failure type, or the health verdict's reason. */
  error_type: z.string().nullable(),
  error_message: z.string().nullable(),
  /** The outcome in one plain sentence. */
  message: z.string().nullable(),
  duration_seconds: z.number().nullable(),
  downtime_ms: z.number().nullable(),
  triggered_by: z.enum(HISTORY_TRIGGERS),
  requested_by: z.string(),
  /** The batch that it belongs to. */
  batch_id: z.uuid().nullable(),
  /** The update that this one undoes. */
  rollback_of: z.uuid().nullable(),
  workflow_id: z.string(),
  run_id: z.string().nullable(),
  failed_exit_code: z.number().int().nullable(),
  started_at: timestampSchema,
  completed_at: timestampSchema.nullable(),
});

/** A line of the timeline. */
const updateEventSchema = z.strictObject({
  /** Counts from 1 within one update. */
  seq: z.number().int(),
  /** A step of the saga, or `rollback`, `cancel`, `pause`, `dependents`, `hook`. */
  step: z.string(),
  /** `started`, `done`, `skipped`, `failed`, `undone` or `waiting`. */
  state: z.string(),
  cause: z.string(),
  detail: z.record(z.string(), z.unknown()),
  at: timestampSchema,
});

/** What an activity that is tried again is waiting for. */
const waitingForSchema = z.strictObject({
  activity: z.string(),
  /** Counts from 1. */
  attempt: z.number().int(),
  /** The last failure, or that no worker has taken it. */
  reason: z.string(),
});

/** What only the running workflow knows. */
export const liveUpdateSchema = z.strictObject({
  status: z.enum(UPDATE_STATUSES),
  /** Null as long as no step has begun. */
  step: z.string().nullable(),
  paused: z.boolean(),
  cancel_requested: z.boolean(),
  waiting_for: waitingForSchema.nullable(),
  /** Bytes of the pull that is running, over all layers that are known so far. */
  pull: z.strictObject({ bytes_done: z.number(), bytes_total: z.number() }).nullable(),
});

/** Data of `GET /updates/{id}`. */
export const updateDetailSchema = updateSchema.extend({
  /** The last lines of a failed successor's log. */
  log_tail: z.string().nullable(),
  events: z.array(updateEventSchema),
  /** Null once the update has ended, and when the workflow can't be asked; `live_missing` then says why. */
  live: liveUpdateSchema.nullable(),
  live_missing: z.string().nullable(),
});

/** Seconds that the answer may be held back for the outcome. */
const waitSeconds = z.number().int().min(0).max(120);
const soakSeconds = z.number().int().min(0).max(86_400);
const patienceSeconds = z.number().int().min(0).max(86_400);
const TAG_OR_DIGEST = /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|sha256:[0-9a-f]{64})$/;

/** A tag (`1.26`) or a digest (`sha256:…`) to move to. */
export const targetSchema = z
  .string()
  .regex(TAG_OR_DIGEST, 'expected a tag such as 1.26 or a digest such as sha256:<64 hex digits>');

/** What becomes of files in the writable layer: `warn` says what is lost, `carry` copies it, `refuse` doesn't update. */
export const writableLayerSchema = z.enum(WRITABLE_LAYER_POLICIES);

/** Body of `POST /containers/{id}/update`; none means all defaults. */
export const updateBody = z.strictObject({
  /** Goes ahead although the digest is the same, quarantined or the container is stopped. */
  force: z.boolean().default(false),
  backup: z.boolean().default(true),
  target: targetSchema.optional(),
  strategy: z.enum(['recreate']).default('recreate'),
  wait: waitSeconds.default(0),
  /** Seconds that a healthy successor is watched before commit. */
  soak: soakSeconds.optional(),
  /** Seconds that an engine that is away is waited for before the swap. */
  engine_wait: patienceSeconds.optional(),
  /** Seconds that a registry that is away is waited for. */
  registry_wait: patienceSeconds.optional(),
  writable_layer: writableLayerSchema.optional(),
});

/** Body of `POST /updates/{id}/rollback`; none means all defaults. */
export const rollbackBody = z.strictObject({
  wait: waitSeconds.default(0),
  soak: soakSeconds.optional(),
  writable_layer: writableLayerSchema.optional(),
});

/** Data of 202 on cancel, pause and resume: the message was handed to the workflow. */
export const updateSignalledSchema = z.strictObject({
  update_id: z.uuid(),
  workflow_id: z.string(),
  /** As the history had it when the message was sent. */
  status: z.enum(UPDATE_STATUSES),
});

/** Data of 202 on update and rollback; with status 200 `result` holds the ended update that `wait` waited for. */
export const updateStartedSchema = updateSignalledSchema.extend({ result: updateSchema.nullable() });

export const updateListSchema = listSchema(updateSchema);

export type Update = z.infer<typeof updateSchema>;
export type UpdateDetailAnswer = z.infer<typeof updateDetailSchema>;
export type LiveUpdate = z.infer<typeof liveUpdateSchema>;
export type UpdateBody = z.input<typeof updateBody>;
export type RollbackBody = z.input<typeof rollbackBody>;
export type UpdateStarted = z.infer<typeof updateStartedSchema>;
