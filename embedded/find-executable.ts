import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** Administrators' folders that a plain user's PATH may lack. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin'];

/** Absolute path of an executable by name, looked for on PATH only, or null. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv): string | null {
  return firstExecutable(name, (env.PATH ?? '').split(path.delimiter).filter(Boolean));
}

/** Absolute path of a system program by name, looked for on PATH and in the system's folders, or null. */
export function findSystemProgram(name: string): string | null {
  return findOnPath(name, process.env) ?? firstExecutable(name, SYSTEM_FOLDERS);
}

/** Whether the path is a file that this process may run. */
export function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // Missing and not permitted come to the same here.
    return false;
  }
}

function firstExecutable(name: string, folders: string[]): string | null {
  return folders.map((folder) => path.join(folder, name)).find(isExecutableFile) ?? null;
}
