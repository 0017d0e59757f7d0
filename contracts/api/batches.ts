import { z } from 'zod';
import { UPDATE_STATUSES } from '../update.ts';
import { updateBody } from './updates.ts';

/** Containers in one batch. */
const MOST_CONTAINERS = 500;
/** Updates of one host at the same time. */
const MOST_PARALLEL = 100;

/** What an update of a batch is: waiting for its turn, never begun, or as the history has it. */
const BATCH_UPDATE_STATES = ['queued', 'not_started', ...UPDATE_STATUSES] as const;
const batchUpdateStateSchema = z.enum(BATCH_UPDATE_STATES);

/** Body of `POST /updates/batch`: all that one update takes, for each of the containers. */
export const batchBody = updateBody.omit({ wait: true, strategy: true }).extend({
  /** Each counts once. */
  container_ids: z.array(z.uuid()).min(1).max(MOST_CONTAINERS),
  /** How many of one host run at the same time; as configured unless said. */
  max_parallel: z.number().int().min(1).max(MOST_PARALLEL).optional(),
});

/** Data of 202 on a batch; the updates in the order of their turns. An update can be asked for once its turn has come. */
export const batchStartedSchema = z.strictObject({
  batch_id: z.uuid(),
  updates: z.array(z.strictObject({ container_id: z.uuid(), update_id: z.uuid() })),
});

/** Data of `GET /updates/batch/{id}`. */
export const batchSchema = z.strictObject({
  batch_id: z.uuid(),
  /** False once every update has ended or was left out. */
  running: z.boolean(),
  cancel_requested: z.boolean(),
  /** Null when the workflow server has forgotten the batch; only what was begun is told then. */
  max_parallel: z.number().int().nullable(),
  /** How many are in each state; states that none is in are left out. */
  counts: z.partialRecord(batchUpdateStateSchema, z.number().int().positive()),
  updates: z.array(
    z.strictObject({
      update_id: z.uuid(),
      container_id: z.uuid(),
      container_name: z.string(),
      host_id: z.string(),
      state: batchUpdateStateSchema,
      /** What a queued one waits for besides its turn, or why one was not started; null where it is neither, or not known. */
      why: z.string().nullable(),
    }),
  ),
});

/** Data of 202 on a cancel: the message was handed to the workflow. */
export const batchSignalledSchema = z.strictObject({ batch_id: z.uuid() });

export type BatchBody = z.input<typeof batchBody>;
export type BatchStarted = z.infer<typeof batchStartedSchema>;
export type Batch = z.infer<typeof batchSchema>;
