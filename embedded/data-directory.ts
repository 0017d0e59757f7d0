import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const LOCK_FILE = 'lock.sqlite';
const HOLDER_FILE = 'program.json';

export interface DataDirectory {
  /** Absolute. */
  readonly path: string;
  /** Lets the next program in. Calling it again does nothing. */
  release(): void;
}

/** Another program holds the data directory. */
export class DataDirectoryLocked extends Error {
  readonly directory: string;
  /** Process id of the holder, or null where it could not be read. */
  readonly pid: number | null;

  constructor(directory: string, holder: Holder | null) {
    const who = holder === null ? 'another program' : `process ${holder.pid} (started ${holder.startedAt})`;
    super(
      `data directory ${directory} is in use by ${who}: stop that program first, or give this one its own directory with --data-dir or DATA_DIR`,
    );
    this.name = 'DataDirectoryLocked';
    this.directory = directory;
    this.pid = holder?.pid ?? null;
  }
}

interface Holder {
  pid: number;
  /** ISO 8601, UTC. */
  startedAt: string;
}

/**
 * Creates the directory (mode 0700) where it is missing and takes it for this process alone. The lock is SQLite's own,
 * that is an advisory lock of the kernel: it is gone the moment the holder dies, however it dies.
 * @throws DataDirectoryLocked when another program has it.
 */
export async function openDataDirectory(directory: string): Promise<DataDirectory> {
  const absolute = path.resolve(directory);
  mkdirSync(absolute, { recursive: true, mode: 0o700 });
  chmodSync(absolute, 0o700);
  const lock = takeLock(absolute);
  if (lock === null) throw new DataDirectoryLocked(absolute, readHolder(absolute));
  const holder: Holder = { pid: process.pid, startedAt: new Date().toISOString() };
  writeFileSync(path.join(absolute, HOLDER_FILE), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  return {
    path: absolute,
    release() {
      if (!lock.isOpen) return;
      rmSync(path.join(absolute, HOLDER_FILE), { force: true });
      lock.close();
    },
  };
}

/** Whether a program (this one included) holds the directory. A directory that doesn't exist is not locked. */
export function isDataDirectoryLocked(directory: string): boolean {
  const absolute = path.resolve(directory);
  if (!existsSync(path.join(absolute, LOCK_FILE))) return false;
  const lock = takeLock(absolute);
  lock?.close();
  return lock === null;
}

/** Null when somebody else has it; any other trouble is thrown. */
function takeLock(directory: string): DatabaseSync | null {
  const file = path.join(directory, LOCK_FILE);
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
    chmodSync(file, 0o600);
    return database;
  } catch (error) {
    database.close();
    if (isBusy(error)) return null;
    throw new Error(`data directory ${directory} can't be locked: ${String(error)}; remove ${file} if it is damaged`, {
      cause: error,
    });
  }
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === 5;
}

function readHolder(directory: string): Holder | null {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path.join(directory, HOLDER_FILE), 'utf8'));
    if (typeof parsed !== 'object' || parsed === null) return null;
    if (!('pid' in parsed) || typeof parsed.pid !== 'number') return null;
    return { pid: parsed.pid, startedAt: 'startedAt' in parsed ? String(parsed.startedAt) : 'at an unknown time' };
  } catch {
    // The holder may be between taking the lock and writing its name: the message then does without.
    return null;
  }
}
