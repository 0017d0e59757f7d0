import { z } from 'zod';

/** A moment in UTC, ISO 8601 with milliseconds. */
export const timestampSchema = z.iso.datetime();

/** What every answer is wrapped in; `code` repeats the HTTP status. */
export function envelopeSchema<Data extends z.ZodType>(data: Data) {
  return z.strictObject({
    code: z.number().int(),
    message: z.string(),
    data,
    timestamp: timestampSchema,
  });
}

/** The data of a paged list; `total` counts all pages. */
export function listSchema<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    total: z.number().int().nonnegative(),
    page: z.number().int().positive(),
    limit: z.number().int().positive(),
  });
}

/** The data of a 400 on what was sent: which field, such as `body.target`, and what is wrong with it. */
export const validationErrorsSchema = z.strictObject({
  errors: z.array(z.strictObject({ path: z.string(), message: z.string() })),
});

/** The data of a 409 on a container whose update is running. */
export const runningUpdateSchema = z.strictObject({ update_id: z.uuid(), workflow_id: z.string() });

/** The data of a 422 on a batch of containers that depend on each other in a circle. */
export const circularBatchSchema = z.strictObject({
  /** Names round the circle. */
  cycle: z.array(z.string()),
  /** All of the batch that are part of one; the others could be updated without them. */
  container_ids: z.array(z.uuid()),
});

/** The envelope of every answer whose status is 400 or above, but the one on health. */
export const errorEnvelopeSchema = envelopeSchema(
  z.union([z.null(), validationErrorsSchema, runningUpdateSchema, circularBatchSchema]),
);

export type ValidationErrors = z.infer<typeof validationErrorsSchema>;
export type CircularBatch = z.infer<typeof circularBatchSchema>;
export type RunningUpdate = z.infer<typeof runningUpdateSchema>;

export interface Envelope<Data> {
  code: number;
  message: string;
  data: Data;
  timestamp: string;
}
