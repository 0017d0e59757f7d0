import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type PostgresAccount, runAsAccount } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';

/** Role (owner of everything) and database of the embedded cluster. */
export const POSTGRES_ROLE = 'docker_auto';
export const POSTGRES_DATABASE = 'docker_auto';

export interface PostgresCluster {
  directory: string;
  password: string;
}

/**
 * Opens the cluster `<dataDirectory>/postgres` and its password `<dataDirectory>/postgres.password`, creating what is
 * missing. A cluster is made beside its place and then renamed, so that a crash half-way leaves none rather than half.
 * The server must not run meanwhile.
 */
export async function prepareCluster(
  dataDirectory: string,
  binaries: PostgresBinaries,
  account: PostgresAccount,
): Promise<PostgresCluster> {
  const directory = path.join(dataDirectory, 'postgres');
  const passwordFile = path.join(dataDirectory, 'postgres.password');
  const exists = existsSync(path.join(directory, 'PG_VERSION'));
  if (exists && existsSync(passwordFile)) return { directory, password: readFileSync(passwordFile, 'utf8').trim() };

  const password = randomBytes(24).toString('hex');
  const role = `ALTER ROLE ${POSTGRES_ROLE} PASSWORD '${password}'`;
  if (exists) await runAlone(directory, binaries, account, [role]);
  else await createCluster(directory, binaries, account, [role, `CREATE DATABASE ${POSTGRES_DATABASE}`]);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  return { directory, password };
}

async function createCluster(
  directory: string,
  binaries: PostgresBinaries,
  account: PostgresAccount,
  statements: string[],
): Promise<void> {
  const workplace = `${directory}.new`;
  await rm(workplace, { recursive: true, force: true });
  await mkdir(workplace, { recursive: true, mode: 0o700 });
  if (account.owner !== null) await chown(workplace, account.owner.uid, account.owner.gid);
  const made = path.join(workplace, 'cluster');
  await runAsAccount(account, binaries.initdb, [
    `--pgdata=${made}`,
    `--username=${POSTGRES_ROLE}`,
    '--encoding=UTF8',
    // The built-in provider is the same on every system and needs no locale of the machine.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--auth-host=scram-sha-256',
    '--auth-local=reject',
    '--no-instructions',
  ]);
  await runAlone(made, binaries, account, statements);
  await rename(made, directory);
  await rm(workplace, { recursive: true, force: true });
}

/** Single-user mode: needs no password and listens nowhere. */
async function runAlone(
  directory: string,
  binaries: PostgresBinaries,
  account: PostgresAccount,
  statements: string[],
): Promise<void> {
  const input = statements.map((statement) => `${statement};\n`).join('');
  await runAsAccount(
    account,
    binaries.postgres,
    ['--single', '-c', 'exit_on_error=on', '-D', directory, 'postgres'],
    input,
  );
}
