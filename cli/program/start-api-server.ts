import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { createApp } from '../../api/app.ts';
import { type RunningApi, startApi } from '../../api/listen.ts';
import { createTemporalGateway } from '../../api/temporal-gateway.ts';
import { DEFAULT_TENANT_ID } from '../../db/default-tenant.ts';
import type { Database } from '../../db/open-database.ts';
import type { Configuration } from '../configuration.ts';
import { createLog } from './log.ts';
import type { Stopping } from './stopping.ts';

export interface ApiServerParts {
  configuration: Configuration;
  database: Database;
  surroundings: { address: string; namespace: string; dataConverter: DataConverter };
  dataDirectory: string;
  token: string;
  stopping: Stopping;
}

/** Starts the HTTP API with a client of the workflow server of its own. */
export async function startApiServer(parts: ApiServerParts): Promise<RunningApi> {
  const { configuration, database, surroundings, stopping } = parts;
  // Lazy, so that an API whose workflow server is away starts and says so.
  const connection = Connection.lazy({ address: surroundings.address });
  stopping.add('The workflow server connection', () => connection.close());
  const client = new Client({
    connection,
    namespace: surroundings.namespace,
    dataConverter: surroundings.dataConverter,
  });
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const app = createApp({
    repositories: database.repositories,
    temporal: createTemporalGateway(client),
    token: parts.token,
    tenantId: DEFAULT_TENANT_ID,
    maxParallel: configuration.maxParallel,
    version: manifest.version,
    host: configuration.host,
    log: createLog(configuration.logLevel),
    health: { pingDatabase: () => database.ping(), dataDirectory: parts.dataDirectory },
  });
  const api = await startApi({ app, host: configuration.host, port: configuration.port });
  stopping.add('The API', () => api.stop());
  return api;
}
