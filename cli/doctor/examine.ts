import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { isDataDirectoryLocked } from '../../embedded/data-directory.ts';
import { findDockerEngine } from '../../embedded/find-docker.ts';
import { findOnPath, findSystemProgram, isExecutableFile } from '../../embedded/find-executable.ts';
import { findPostgresBinaries } from '../../embedded/postgres-binaries.ts';
import { findGo } from '../../embedded/temporal-build.ts';
import { findLocalServer } from '../api-client/find-local-server.ts';
import type { Configuration } from '../configuration.ts';
import { formatBytes } from '../output/amounts.ts';
import { type Finding, missing, note, ok } from './finding.ts';

const LEAST_FREE_BYTES = 1e9;
const REACH_TIMEOUT_MS = 3000;

/** Looks at everything that the program needs; starts, installs and changes nothing. */
export function examine(configuration: Configuration): Promise<Finding[]> {
  return Promise.all([
    examineNode(),
    examineDocker(configuration),
    examineTemporal(configuration),
    examinePostgres(configuration),
    examineDisk(configuration),
    examineDataDirectory(configuration),
  ]);
}

async function examineNode(): Promise<Finding> {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) >= 24) return ok('Node.js', node);
  return missing('Node.js', node, 'start the program with bin/docker-auto.mjs, which fetches Node 24');
}

async function examineDocker({ dockerHost }: Configuration): Promise<Finding> {
  const env = dockerHost === null ? process.env : { ...process.env, DOCKER_HOST: dockerHost };
  const search = await findDockerEngine({ env });
  const tried = search.tried
    .map((attempt) => `${attempt.source} (${attempt.dockerHost}): ${attempt.reason}`)
    .join('; ');
  if (search.kind === 'found') return ok('Docker engine', `${search.dockerHost}, by ${search.source}`);
  if (search.kind === 'unsupported') return missing('Docker engine', tried, `correct what ${search.source} says`);
  if (search.kind === 'unreachable') {
    return missing('Docker engine', tried, `start that engine, or correct what ${search.source} says`);
  }
  const lacking = ['dockerd', 'containerd', 'docker-registry', 'busybox', 'iptables', 'ip'].filter(
    (name) => findSystemProgram(name) === null,
  );
  const root = process.getuid?.() === 0;
  const mayInstall = lacking.length === 0 || findSystemProgram('apt-get') !== null;
  if (root && mayInstall) {
    const how = lacking.length === 0 ? 'is there' : `will install ${lacking.join(', ')}`;
    return note(
      'Docker engine',
      `none (${tried})`,
      `serve and demo use a private sandbox, which ${how}; or start Docker`,
    );
  }
  const why = root ? `${lacking.join(', ')} are missing for the sandbox` : 'a sandbox needs root';
  return missing('Docker engine', `none (${tried}); ${why}`, 'install and start Docker, or set DOCKER_HOST');
}

async function examineTemporal({ temporalAddress, temporalCli, dataDir }: Configuration): Promise<Finding> {
  const part = 'Temporal';
  if (temporalAddress !== null) return examineAddress(part, temporalAddress, 'TEMPORAL_ADDRESS');
  if (temporalCli !== null) {
    if (isExecutableFile(temporalCli)) return ok(part, `${temporalCli}, by TEMPORAL_CLI`);
    return missing(part, `${temporalCli} is no executable file`, 'correct TEMPORAL_CLI, or leave it unset');
  }
  const cached = path.join(dataDir, 'cache', 'temporal');
  const found = findOnPath('temporal', process.env) ?? (isExecutableFile(cached) ? cached : null);
  if (found !== null) return ok(part, found);
  const go = findGo(process.env);
  const otherwise = go === null ? 'no Go to build it with' : `else built once with ${go}, about 3 minutes`;
  const mend =
    'it is downloaded at the first start; without internet set TEMPORAL_CLI or TEMPORAL_ADDRESS, or install Go';
  return note(part, `the CLI is not here yet (${otherwise})`, mend);
}

async function examinePostgres({ databaseUrl }: Configuration): Promise<Finding> {
  const part = 'PostgreSQL';
  if (databaseUrl !== null) {
    const { hostname, port } = new URL(databaseUrl);
    return examineAddress(part, `${hostname}:${port || 5432}`, 'DATABASE_URL');
  }
  try {
    return ok(part, (await findPostgresBinaries()).postgres);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return missing(part, reason, 'delete node_modules and start again, or set DATABASE_URL');
  }
}

async function examineAddress(part: string, address: string, setting: string): Promise<Finding> {
  const reason = await whyUnreachable(address);
  if (reason === null) return ok(part, `${address} answers, by ${setting}`);
  return missing(part, `${address}: ${reason}`, `start it, or correct ${setting}`);
}

function whyUnreachable(address: string): Promise<string | null> {
  const colon = address.lastIndexOf(':');
  return new Promise((resolve) => {
    const socket = net.connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)) });
    const end = (reason: string | null) => {
      socket.destroy();
      resolve(reason);
    };
    socket.setTimeout(REACH_TIMEOUT_MS, () => end('no answer in 3 seconds'));
    socket.once('connect', () => end(null));
    socket.once('error', (error) => end(error.message || String(error)));
  });
}

async function examineDisk({ dataDir }: Configuration): Promise<Finding> {
  const folder = existingParent(dataDir);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const found = `${formatBytes(free)} free for ${dataDir}`;
  return free >= LEAST_FREE_BYTES
    ? ok('Disk space', found)
    : missing('Disk space', found, 'free 1 GB, or move DATA_DIR');
}

function existingParent(folder: string): string {
  return existsSync(folder) || path.dirname(folder) === folder ? folder : existingParent(path.dirname(folder));
}

async function examineDataDirectory({ dataDir }: Configuration): Promise<Finding> {
  const part = 'Data directory';
  if (!existsSync(dataDir)) return ok(part, `${dataDir}, made at the first start`);
  if (!isDataDirectoryLocked(dataDir)) return ok(part, `${dataDir}, not in use`);
  const server = await findLocalServer(dataDir);
  if (server !== null) return ok(part, `${dataDir}, in use by the server at ${server.url}`);
  const mend = 'if docker-auto is not just starting or stopping, end the process named in program.json there';
  return note(part, `${dataDir} is in use, and no server answers for it`, mend);
}
