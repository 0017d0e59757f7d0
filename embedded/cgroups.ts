import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from './error-code.ts';
import { currentMounts } from './mounts.ts';
import { signalProcess } from './run-record.ts';

/** Sends SIGKILL to every process of the control group and those below it; all hierarchies of version 1 and 2. */
export function killCgroup(cgroup: string): void {
  thawCgroup(cgroup);
  for (const pid of cgroupProcesses(cgroup)) signalProcess(pid, 'SIGKILL');
}

/** What lets the processes of a frozen group run, in version 1 and 2. */
const THAWING = { 'freezer.state': 'THAWED', 'cgroup.freeze': '0' };

/** Wakes the processes of paused containers: a frozen one doesn't even die of SIGKILL (control groups version 1). */
export function thawCgroup(cgroup: string): void {
  for (const folder of cgroupFolders(cgroup)) {
    for (const [name, awake] of Object.entries(THAWING)) {
      try {
        writeFileSync(path.join(folder, name), awake, { flag: 'r+' });
      } catch (error) {
        // This hierarchy has no freezer, or the group went meanwhile.
        if (!['ENOENT', 'ENODEV'].includes(errorCode(error) ?? '')) throw error;
      }
    }
  }
}

/** Removes the control group and those below it. They must be empty, or become so within two seconds. */
export async function removeCgroup(cgroup: string): Promise<void> {
  const deadline = Date.now() + 2_000;
  for (const folder of cgroupFolders(cgroup).reverse()) {
    for (;;) {
      try {
        rmdirSync(folder);
        break;
      } catch (error) {
        if (errorCode(error) === 'ENOENT') break;
        // A killed process leaves its group a moment after it is gone from sight.
        if (errorCode(error) !== 'EBUSY' || Date.now() > deadline) throw error;
        await delay(20);
      }
    }
  }
}

export function cgroupProcesses(cgroup: string): number[] {
  const pids = cgroupFolders(cgroup).flatMap((folder) => readProcesses(path.join(folder, 'cgroup.procs')));
  return [...new Set(pids)];
}

function readProcesses(file: string): number[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    // The group was removed meanwhile, or is threaded and lists no processes.
    return [];
  }
}

/** The group's folders in every hierarchy, parents before children. */
function cgroupFolders(cgroup: string): string[] {
  const hierarchies = currentMounts().filter(({ type }) => type === 'cgroup' || type === 'cgroup2');
  const roots = new Set(hierarchies.map(({ mountPoint }) => path.join(mountPoint, cgroup)));
  return [...roots].filter((root) => existsSync(root)).flatMap(withFoldersBelow);
}

function withFoldersBelow(folder: string): string[] {
  const below = foldersIn(folder).flatMap((name) => withFoldersBelow(path.join(folder, name)));
  return [folder, ...below];
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch (error) {
    // The engine removes the group of a container that ends, also in this moment.
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
