import { readFileSync, readlinkSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onFreePorts } from './free-port.ts';
import { choosePostgresAccount, postgresEnvironment } from './postgres-account.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { POSTGRES_DATABASE, POSTGRES_ROLE, prepareCluster } from './postgres-cluster.ts';
import { endLeftover, signalProcess } from './run-record.ts';
import { type SupervisedProcess, superviseProcess } from './supervised-process.ts';

const NAME = 'postgres';

export interface EmbeddedPostgres {
  /** With password; for the program's own use, not for a log. */
  readonly url: string;
  readonly port: number;
  readonly server: SupervisedProcess;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on 127.0.0.1 with its cluster in `<dataDirectory>/postgres` (created at the first start) and waits
 * until it accepts connections. The caller holds the data directory's lock.
 * @throws Error with the end of the server's log when it doesn't start.
 */
export async function startPostgres({
  dataDirectory,
  log,
  port,
}: {
  dataDirectory: string;
  log: (line: string) => void;
  /** A free one by default. */
  port?: number;
}): Promise<EmbeddedPostgres> {
  const directory = path.resolve(dataDirectory);
  const binaries = await findPostgresBinaries();
  const account = await choosePostgresAccount([path.join(directory, NAME), binaries.postgres]);
  // SIGINT is PostgreSQL's "fast" shutdown: it doesn't wait for clients to leave.
  await endLeftover(path.join(directory, 'run', `${NAME}.json`), { signal: 'SIGINT' });
  await clearStaleLock(path.join(directory, NAME));
  const cluster = await prepareCluster(directory, binaries, account);
  return onFreePorts(async (choose) => {
    const chosenPort = port ?? (await choose());
    const server = await superviseProcess({
      name: NAME,
      ...account.commandLine(binaries.postgres, serverArguments(cluster.directory, chosenPort)),
      cwd: '/',
      env: postgresEnvironment(),
      directory,
      beforeStart: () => clearStaleLock(cluster.directory),
      ready: async (pid) => isReady(cluster.directory, pid),
      stopSignal: 'SIGINT',
      stopTimeoutMs: 20_000,
      log,
    });
    return {
      url: `postgresql://${POSTGRES_ROLE}:${cluster.password}@127.0.0.1:${chosenPort}/${POSTGRES_DATABASE}`,
      port: chosenPort,
      server,
      stop: () => server.stop(),
    };
  });
}

function serverArguments(cluster: string, port: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
  };
  return [
    '-D',
    cluster,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

/** The server's lock file says on its eighth line how far the start has come; `pg_ctl -w` reads the same. */
function isReady(cluster: string, pid: number): boolean {
  const lines = lockLines(cluster);
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}

function lockLines(cluster: string): string[] {
  try {
    return readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    // No lock file: no server has got that far yet.
    return [];
  }
}

/**
 * A killed server leaves its lock file, and its back ends take a moment to notice. Once none of its processes is left
 * the file means nothing, but its pid may by now be somebody else's, which would keep the server from starting.
 */
async function clearStaleLock(cluster: string): Promise<void> {
  if (process.platform !== 'linux' || lockLines(cluster).length === 0) return;
  const patienceEnds = Date.now() + 5_000;
  for (let left = await processesIn(cluster); left.length > 0; left = await processesIn(cluster)) {
    if (Date.now() > patienceEnds) for (const pid of left) signalProcess(pid, 'SIGKILL');
    await delay(20);
  }
  rmSync(path.join(cluster, 'postmaster.pid'), { force: true });
}

/** Every process of a server has the cluster as its working directory. */
async function processesIn(cluster: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.filter((pid) => workingDirectory(pid) === cluster);
}

function workingDirectory(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // Gone meanwhile, or another user's, which can't be a process of ours.
    return null;
  }
}
