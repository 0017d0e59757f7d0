import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Stage } from '../stage.ts';
import { type Acceptable, asIfNothingHappened, isBad } from '../verdict/acceptable.ts';
import type { Blow, Target } from './blow.ts';

const FULL_FOR_MS = 10_000;
const MEGABYTE = 1_048_576;
const BLOCK = 4_096;

function fillerOf({ disk }: Stage): string {
  if (disk === null) throw new Error('this stage has no small disk to fill');
  return path.join(disk.directory, 'filler');
}

/** Writes until not one more block fits. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  try {
    for (const size of [MEGABYTE, BLOCK]) {
      const chunk = Buffer.alloc(size);
      while (fits(descriptor, chunk));
    }
  } finally {
    closeSync(descriptor);
  }
}

function fits(descriptor: number, chunk: Buffer): boolean {
  try {
    return writeSync(descriptor, chunk) === chunk.length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}

function acceptable({ subject }: Target): Acceptable[] {
  const usual = asIfNothingHappened(subject.kind);
  const untouched: Acceptable = { status: 'failed', version: 'old', quarantined: false, message: /disk|space/ };
  const back: Acceptable = { status: 'rollback', version: 'old', quarantined: false, message: /disk|space/ };
  return isBad(subject.kind) ? [usual, untouched] : [usual, untouched, back];
}

/** The engine's disk is full for a while, then somebody makes room. */
export const FULL_DISK: Blow = {
  name: 'the engine’s disk is full for 10 s',
  strike: async (stage) => fill(fillerOf(stage)),
  async recover(stage) {
    await delay(FULL_FOR_MS);
    rmSync(fillerOf(stage));
  },
  acceptable,
  endsContainers: true,
};
