import { z } from 'zod';
import { listSchema, timestampSchema } from './envelope.ts';
import { pageQueryFields } from './query-values.ts';

/** Query of `GET /quarantine`. */
export const quarantineQuery = z.strictObject({ ...pageQueryFields });

/** A digest that failed for a container and isn't tried again by itself. */
const quarantinedDigestSchema = z.strictObject({
  id: z.uuid(),
  container_id: z.uuid(),
  container_name: z.string(),
  digest: z.string(),
  update_id: z.uuid(),
  reason: z.string(),
  created_at: timestampSchema,
});

export const quarantineListSchema = listSchema(quarantinedDigestSchema);
