import { z } from 'zod';
import { UPDATE_STEPS } from '../update.ts';
import { listSchema, timestampSchema } from './envelope.ts';
import { pageQueryFields, queryFlag, queryText } from './query-values.ts';
import { targetSchema, updateSchema, writableLayerSchema } from './updates.ts';

const VERDICTS = ['outdated', 'up_to_date', 'local', 'pinned', 'quarantined', 'unresolvable', 'error'] as const;
/** What a check can say of a container. */
export const verdictSchema = z.enum(VERDICTS);

/** Query of `GET /containers`; `search` looks into name and image, `name` is the whole name. */
export const containersQuery = z.strictObject({
  ...pageQueryFields,
  status: z.enum(['running', 'stopped', 'all']).default('all'),
  search: queryText.optional(),
  name: queryText.optional(),
  policy: queryText.optional(),
  host: queryText.optional(),
  outdated: queryFlag.optional(),
});

export const containerSchema = z.strictObject({
  id: z.uuid(),
  host_id: z.string(),
  name: z.string(),
  /** The whole reference, as the container was made with it. */
  image: z.string(),
  tag: z.string(),
  /** The engine's own id; it changes with every recreation. */
  engine_id: z.string().nullable(),
  status: z.enum(['running', 'stopped', 'paused', 'restarting', 'removed']),
  update_policy: z.string(),
  /** Where that was set: `api`, a label's full name, `default`; `protected` for what this program lives on. */
  policy_origin: z.string(),
  current_digest: z.string().nullable(),
  candidate: z.strictObject({ reference: z.string(), digest: z.string() }).nullable(),
  /** When the candidate's digest was first seen. */
  first_seen_at: timestampSchema.nullable(),
  outdated: z.boolean(),
  /** What the last check said, and why; null before the first. */
  verdict: verdictSchema.nullable(),
  verdict_reason: z.string().nullable(),
  checked_at: timestampSchema.nullable(),
});

/** Data of `GET /containers/{id}`. */
export const containerDetailSchema = containerSchema.extend({ last_update: updateSchema.nullable() });

/** Query of `GET /containers/{id}/plan`. */
export const planQuery = z.strictObject({
  target: targetSchema.optional(),
  writable_layer: writableLayerSchema.optional(),
});

const imageVersionSchema = z.strictObject({
  reference: z.string(),
  digest: z.string().nullable(),
  image_id: z.string().nullable(),
});

/** Data of `GET /containers/{id}/plan`. */
export const planSchema = z.strictObject({
  container_name: z.string(),
  /** False when nothing would be done; `reason` then says why. */
  would_update: z.boolean(),
  reason: z.string(),
  current: imageVersionSchema,
  candidate: imageVersionSchema.nullable(),
  steps: z.array(z.strictObject({ step: z.enum(UPDATE_STEPS), action: z.string(), cause: z.string() })),
  differences: z.array(
    z.strictObject({
      path: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
      cause: z.string(),
    }),
  ),
  warnings: z.array(z.string()),
});

export const containerListSchema = listSchema(containerSchema);

export type Container = z.infer<typeof containerSchema>;
export type Plan = z.infer<typeof planSchema>;
