import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SmallDisk {
  directory: string;
  /** Unmounts it and removes the directory. */
  remove(): Promise<void>;
}

/** A file system of its own with that many megabytes, in memory. Needs root. */
export async function mountSmallDisk(name: string, megabytes: number): Promise<SmallDisk> {
  const parent = await mkdtemp(path.join(os.tmpdir(), `docker-auto-test-${name}-`));
  const directory = path.join(parent, 'disk');
  await mkdir(directory);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'docker-auto-test', directory]);
  return {
    directory,
    async remove() {
      await run('umount', [directory]);
      await rm(parent, { recursive: true, force: true });
    },
  };
}
