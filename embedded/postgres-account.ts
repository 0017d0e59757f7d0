import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { findSystemProgram } from './find-executable.ts';
import { runCommand, tryCommand } from './run-command.ts';

const ACCOUNT = 'postgres';

/** Bits of CapEff in /proc/self/status, see capabilities(7). */
const CAPABILITIES = [
  { name: 'dac_read_search', bit: 2n },
  { name: 'dac_override', bit: 1n },
];
const SETPCAP_BIT = 8n;

/** How PostgreSQL's programs are run: PostgreSQL refuses to run as root. */
export interface PostgresAccount {
  /** Owner that the cluster's folder must have, or null where this process runs as a plain user. */
  owner: { uid: number; gid: number } | null;
  /** The command line that runs the program under that account. */
  commandLine(program: string, args: string[]): { command: string; args: string[] };
}

/**
 * The account for PostgreSQL: this process's own, or for root the system's `postgres`, which is created where it is
 * missing. Where one of `paths` lies below a directory that only root may enter (such as /root), the program keeps one
 * capability: to pass through directories and read. Nothing of the user's gets another mode or owner.
 */
export async function choosePostgresAccount(paths: string[]): Promise<PostgresAccount> {
  if (process.getuid?.() !== 0) return { owner: null, commandLine: (command, args) => ({ command, args }) };
  const owner = (await findAccount()) ?? (await createAccount());
  const setpriv = findSystemProgram('setpriv');
  if (setpriv === null) {
    throw new Error(
      'embedded PostgreSQL: setpriv is missing, which root needs to run it as another user; install util-linux',
    );
  }
  const capability = paths.every(everybodyMayReach) ? [] : passageCapability(paths);
  const prefix = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', ...capability, '--'];
  return { owner, commandLine: (command, args) => ({ command: setpriv, args: [...prefix, command, ...args] }) };
}

async function findAccount(): Promise<{ uid: number; gid: number } | null> {
  const uid = await tryCommand('id', ['-u', ACCOUNT]);
  const gid = await tryCommand('id', ['-g', ACCOUNT]);
  if (uid.code !== 0 || gid.code !== 0) return null;
  return { uid: Number.parseInt(uid.stdout, 10), gid: Number.parseInt(gid.stdout, 10) };
}

async function createAccount(): Promise<{ uid: number; gid: number }> {
  const useradd = findSystemProgram('useradd');
  const why = `embedded PostgreSQL can't run as root and the user ${ACCOUNT} could not be created`;
  if (useradd === null) throw new Error(`${why}: useradd is missing; create that user by hand`);
  const result = await tryCommand(useradd, [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    ACCOUNT,
  ]);
  // Two programs that start at once both try; the loser finds the winner's user.
  const account = await findAccount();
  if (account === null) throw new Error(`${why}: ${result.stderr.trim()}; create that user by hand`);
  return account;
}

function everybodyMayReach(target: string): boolean {
  const folders: string[] = [];
  for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
    folders.push(folder);
    if (folder === path.dirname(folder)) break;
  }
  return folders.every((folder) => ((statSync(folder, { throwIfNoEntry: false })?.mode ?? 0o001) & 0o001) !== 0);
}

function passageCapability(paths: string[]): string[] {
  const status = readFileSync('/proc/self/status', 'utf8');
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  const held = CAPABILITIES.find(({ bit }) => (effective & (1n << bit)) !== 0n);
  if (held === undefined) {
    throw new Error(
      `embedded PostgreSQL: user ${ACCOUNT} can't reach ${paths.join(' or ')}, and this process may not pass on the capability to; choose a --data-dir below a directory that everybody may enter`,
    );
  }
  // PostgreSQL asks access(2) for its own programs, which counts no capability of a plain user unless this bit is set. Only
  // the one above outlives the exec.
  const securebits = (effective & (1n << SETPCAP_BIT)) === 0n ? [] : ['--securebits=+no_setuid_fixup'];
  return [`--inh-caps=+${held.name}`, `--ambient-caps=+${held.name}`, ...securebits];
}

/** Runs one of PostgreSQL's programs to its end under the account. */
export async function runAsAccount(
  account: PostgresAccount,
  program: string,
  args: string[],
  input = '',
): Promise<void> {
  const line = account.commandLine(program, args);
  await runCommand(line.command, line.args, { cwd: '/', env: postgresEnvironment(), input });
}

/** PG* variables of the user's shell would reach the server's programs too. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_')),
  );
}
