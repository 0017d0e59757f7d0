import type { Repositories } from '../db/repositories/repositories.ts';
import type { TemporalGateway } from './temporal-gateway.ts';

/** What the API writes its lines to; pino's logger is one. */
export interface ApiLog {
  debug(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** What the health routes ask, beside Temporal and the hosts table. */
export interface HealthChecks {
  /** A sign of life of the database; rejects when there is none. */
  pingDatabase(): Promise<void>;
  /** The folder whose file system must not fill up. */
  dataDirectory: string;
}

/** What every route may use. */
export interface ApiContext {
  repositories: Repositories;
  temporal: TemporalGateway;
  tenantId: string;
  /** How many updates of a batch run at the same time on one host, unless the batch says so. */
  maxParallel: number;
  /** Of the program, such as `0.1.0`. */
  version: string;
  health: HealthChecks;
  log: ApiLog;
}
