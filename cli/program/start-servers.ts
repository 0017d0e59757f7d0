import path from 'node:path';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { startPostgres } from '../../embedded/postgres.ts';
import { startTemporal } from '../../embedded/temporal.ts';
import { findTemporalCli } from '../../embedded/temporal-cli.ts';
import type { Configuration } from '../configuration.ts';
import type { Stopping } from './stopping.ts';

type Notice = (line: string) => void;

/** The configured database, else the embedded one. @returns its URL, with password */
export async function startDatabaseServer(
  configuration: Configuration,
  dataDirectory: string,
  notice: Notice,
  stopping: Stopping,
): Promise<string> {
  if (configuration.databaseUrl !== null) return configuration.databaseUrl;
  const postgres = await startPostgres({ dataDirectory, log: notice });
  stopping.add('PostgreSQL', () => postgres.stop());
  return postgres.url;
}

/** The configured workflow server, else the embedded one. */
export async function startWorkflowServer(
  configuration: Configuration,
  dataDirectory: string,
  notice: Notice,
  stopping: Stopping,
): Promise<{ address: string; uiUrl: string | null }> {
  if (configuration.temporalAddress !== null) return { address: configuration.temporalAddress, uiUrl: null };
  const env =
    configuration.temporalCli === null ? process.env : { ...process.env, TEMPORAL_CLI: configuration.temporalCli };
  const cliPath = await findTemporalCli({ cacheDirectory: path.join(dataDirectory, 'cache'), env, notice });
  const temporal = await startTemporal({
    dataDirectory,
    cliPath,
    searchAttributes: SEARCH_ATTRIBUTES,
    namespace: configuration.temporalNamespace,
    log: notice,
  });
  stopping.add('Temporal', () => temporal.stop());
  return temporal;
}
