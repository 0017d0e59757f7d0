import { z } from 'zod';
import { verdictSchema } from './containers.ts';
import { queryFlag, uuidsInQuery } from './query-values.ts';

/** Query of `GET /images/check`; without `container_id` (which may be repeated) all containers of all hosts. */
export const checkQuery = z.strictObject({
  container_id: uuidsInQuery.optional(),
  /** Asks the registry although an answer is remembered. */
  force: queryFlag.default(false),
});

/** One container's result. Verdict `error` means that it could not be found out, and `reason` why. */
export const checkedContainerSchema = z.strictObject({
  container_id: z.uuid(),
  container_name: z.string(),
  host_id: z.string(),
  image: z.string(),
  current_digest: z.string().nullable(),
  candidate_digest: z.string().nullable(),
  outdated: z.boolean(),
  verdict: verdictSchema,
  reason: z.string(),
});

/** Data of `GET /images/check`; not paged. */
export const checkResultSchema = z.strictObject({
  items: z.array(checkedContainerSchema),
  total: z.number().int().nonnegative(),
});

export type CheckedContainerAnswer = z.infer<typeof checkedContainerSchema>;
