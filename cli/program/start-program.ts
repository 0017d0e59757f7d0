import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createDockerEngine } from '../../activities/docker/engine/docker-engine.ts';
import type { Engine } from '../../activities/docker/engine/engine.ts';
import { createSurroundings } from '../../activities/docker/surroundings/own-surroundings.ts';
import { createDockerConfigCredentials, dockerConfigDirectory } from '../../activities/registry/docker-config.ts';
import { createRegistryClient } from '../../activities/registry/registry-client.ts';
import type { AroundActivity } from '../../activities/to-application-failure.ts';
import { LOCAL_HOST_ID } from '../../contracts/task-queues.ts';
import { createCipher } from '../../db/encryption/envelope.ts';
import { parseKeyring } from '../../db/encryption/keyring.ts';
import { openDatabase } from '../../db/open-database.ts';
import { openDataDirectory } from '../../embedded/data-directory.ts';
import { engineTls } from '../../embedded/engine-tls.ts';
import { startCoreWorker, startHostWorker } from '../../worker/create-workers.ts';
import { createDataConverter } from '../../worker/data-converter.ts';
import { workflowBundle } from '../../worker/workflow-bundle.ts';
import type { Configuration } from '../configuration.ts';
import { chooseEngine, type EnginePolicy, type SandboxHandle } from './choose-engine.ts';
import { createLog } from './log.ts';
import { ownEndpoints } from './own-endpoints.ts';
import { apiTokenText, encryptionKeyText } from './secrets.ts';
import { startApiServer } from './start-api-server.ts';
import { startProgramHousekeeping } from './start-housekeeping.ts';
import { startDatabaseServer, startWorkflowServer } from './start-servers.ts';
import { Stopping } from './stopping.ts';

export interface ProgramOptions {
  configuration: Configuration;
  /** Tells people what is going on, one line at a time. */
  notice(line: string): void;
  engine: EnginePolicy;
  /** For drills, which must stop the program at a known point. */
  instruments?: Instruments;
}

export interface Instruments {
  aroundActivity?: AroundActivity;
  aroundEngine?(engine: Engine): Engine;
}

export interface Program {
  apiUrl: string;
  token: string;
  temporalAddress: string;
  /** Null for a workflow server that isn't ours. */
  temporalUiUrl: string | null;
  dockerHost: string;
  /** The private engine and registry, where they are in use. */
  sandbox: SandboxHandle | null;
  stop(): Promise<void>;
}

/** Written while the program runs, so that other commands on this machine find it. */
async function announce(dataDirectory: string, program: { url: string; token: string }): Promise<() => Promise<void>> {
  const file = path.join(dataDirectory, 'run', 'api.json');
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify({ ...program, pid: process.pid }), { mode: 0o600 });
  return () => rm(file, { force: true });
}

/**
 * Starts everything that this process is to run: what isn't configured is embedded. On failure, what was started is
 * stopped again before the error goes on.
 * @throws DataDirectoryLocked, or an Error that names what can't start and what to do
 */
export async function startProgram({
  configuration,
  notice,
  engine: enginePolicy,
  instruments = {},
}: ProgramOptions): Promise<Program> {
  const stopping = new Stopping(notice);
  try {
    return await start(configuration, notice, enginePolicy, instruments, stopping);
  } catch (error) {
    await stopping.stopAll();
    throw error;
  }
}

async function start(
  configuration: Configuration,
  notice: (line: string) => void,
  enginePolicy: EnginePolicy,
  instruments: Instruments,
  stopping: Stopping,
): Promise<Program> {
  const directory = await openDataDirectory(configuration.dataDir);
  stopping.add('The data directory', async () => directory.release());
  const cipher = createCipher(parseKeyring(await encryptionKeyText(configuration.encryptionKey, directory.path)));
  const token = await apiTokenText(configuration.apiToken, directory.path);

  const [databaseUrl, temporal, chosen, bundlePath] = await allOrStop([
    startDatabaseServer(configuration, directory.path, notice, stopping),
    startWorkflowServer(configuration, directory.path, notice, stopping),
    chooseEngine(configuration, directory.path, enginePolicy, notice, stopping),
    workflowBundle(path.join(directory.path, 'cache')),
  ]);
  const log = createLog(configuration.logLevel);
  // For the log: nobody who asked for something else needs to know.
  const database = await openDatabase({ url: databaseUrl, cipher, onNotice: (line) => log.info(line) });
  stopping.add('The database connection', () => database.close());

  const plainEngine = createDockerEngine(chosen.dockerHost, engineTls(chosen.certPath));
  const engine = instruments.aroundEngine?.(plainEngine) ?? plainEngine;
  const credentials = createDockerConfigCredentials(configuration.dockerConfig ?? dockerConfigDirectory());
  const registryClient = createRegistryClient({ credentials });
  stopping.add('The registry connections', () => registryClient.close());

  const surroundings = {
    address: temporal.address,
    namespace: configuration.temporalNamespace,
    dataConverter: createDataConverter(cipher),
    log: (line: string) => log.warn(line),
    ...(instruments.aroundActivity === undefined ? {} : { aroundActivity: instruments.aroundActivity }),
  };
  const channels = {
    ...(configuration.notifications.webhook === null ? {} : { webhook: configuration.notifications.webhook }),
    ...(configuration.notifications.email === null ? {} : { email: configuration.notifications.email }),
  };
  const [core, host] = await allOrStop([
    startCoreWorker(
      surroundings,
      {
        repositories: database.repositories,
        channels,
        settings: { soakSeconds: configuration.soakSeconds, keepImages: configuration.keepImages },
        defaultPolicy: configuration.defaultPolicy,
        registryClient,
        versions: database.repositories.imageVersions,
      },
      bundlePath,
    ),
    startHostWorker(surroundings, LOCAL_HOST_ID, {
      engine,
      cipher,
      surroundings: createSurroundings({
        engine,
        dockerHost: chosen.dockerHost,
        endpoints: ownEndpoints(configuration, chosen.dockerHost),
      }),
      swapsAtOnce: configuration.maxSwapping,
      credentialsFor: (registry) => credentials.registryAuthHeader(registry),
    }),
  ]);
  stopping.add('The workers', async () => {
    await Promise.all([core.stop(), host.stop()]);
  });

  startProgramHousekeeping({
    surroundings,
    repositories: database.repositories,
    channels,
    inventorySeconds: configuration.inventorySeconds,
    stopping,
  });

  const api = await startApiServer({
    configuration,
    database,
    surroundings,
    dataDirectory: directory.path,
    token,
    stopping,
  });
  const withdraw = await announce(directory.path, { url: api.url, token });
  stopping.add('The announcement', withdraw);
  return {
    apiUrl: api.url,
    token,
    temporalAddress: temporal.address,
    temporalUiUrl: temporal.uiUrl,
    dockerHost: chosen.dockerHost,
    sandbox: chosen.sandbox,
    stop: () => stopping.stopAll(),
  };
}

/** Waits for all even when one fails, so that whatever did start is known to be stopped. */
async function allOrStop<Parts extends readonly Promise<unknown>[]>(
  parts: readonly [...Parts],
): Promise<{ -readonly [Index in keyof Parts]: Awaited<Parts[Index]> }> {
  const settled = await Promise.allSettled(parts);
  for (const part of settled) if (part.status === 'rejected') throw part.reason;
  return settled.map((part) => (part.status === 'fulfilled' ? part.value : undefined)) as never;
}
