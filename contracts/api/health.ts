import { z } from 'zod';
import { timestampSchema } from './envelope.ts';

/** One part: `down` means that it can't be used, `degraded` that some of it can, `unknown` that nobody has looked yet. */
export const healthCheckSchema = z.strictObject({
  status: z.enum(['up', 'degraded', 'down', 'unknown']),
  /** What was found, in one plain sentence. */
  message: z.string(),
  /** Milliseconds that asking took. */
  latency_ms: z.number().nonnegative(),
});

/**
 * Data of `GET /health` and `/readyz` (200, or 503 when `unhealthy`): unhealthy when the database or Temporal is down,
 * degraded when anything else is amiss. `/livez` has no checks.
 */
export const healthSchema = z.strictObject({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  timestamp: timestampSchema,
  version: z.string(),
  checks: z.strictObject({
    database: healthCheckSchema.optional(),
    temporal: healthCheckSchema.optional(),
    docker: healthCheckSchema.optional(),
    disk_space: healthCheckSchema.optional(),
  }),
});

export type HealthCheck = z.infer<typeof healthCheckSchema>;
export type Health = z.infer<typeof healthSchema>;
