import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { request } from '../../rig/api-client.ts';
import { type ProgramProcess, startProgramProcess } from '../../rig/program-process.ts';
import { type Sandbox, startSandbox } from '../../rig/sandbox.ts';
import { Chance } from '../chance.ts';
import { type Member, raiseFleet } from './fleet.ts';
import { judgeFleet } from './judge-fleet.ts';
import { watchSwaps } from './watch-swaps.ts';

export interface ManyOptions {
  updates: number;
  /** How many of them get a version that does not work. */
  bad: number;
  maxParallel: number;
  /** How often the whole program is killed with -9 meanwhile. */
  kills: number;
  seed: number;
  tell(line: string): void;
}

export interface ManyVerdict {
  /** Empty when everything is as it must be. */
  faults: string[];
  /** How many containers were being swapped at the same time at most. */
  mostSwapped: number;
  /** How many kills met a batch that was running. */
  kills: number;
  /** Milliseconds from the batch's start to its end. */
  tookMs: number;
}

/** The program is left alone for this long at most before it is killed again. */
const LONGEST_LIFE_MS = 5_000;
const PATIENCE_MS = 300_000;

async function startBatch(program: ProgramProcess, fleet: readonly Member[], maxParallel: number): Promise<string> {
  await request(program, 'GET', '/images/check');
  const ids: string[] = [];
  for (const { name } of fleet) {
    const { data } = await request(program, 'GET', `/containers?name=${name}`);
    ids.push(data.items[0].id as string);
  }
  const answer = await request(program, 'POST', '/updates/batch', {
    container_ids: ids,
    max_parallel: maxParallel,
    soak: 1,
  });
  if (answer.code !== 202) throw new Error(`the batch was not started: ${JSON.stringify(answer)}`);
  return answer.data.batch_id as string;
}

async function isRunning(program: ProgramProcess, batchId: string): Promise<boolean> {
  const { code, data } = await request(program, 'GET', `/updates/batch/${batchId}`);
  return code !== 200 || (data.running as boolean);
}

/** Many updates of one engine in one batch, with kills in between, and what became of them. */
export async function runMany(options: ManyOptions): Promise<ManyVerdict> {
  const sandbox = await startSandbox('many');
  const dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-many-data-'));
  const start = () =>
    startProgramProcess({ dataDirectory, dockerHost: sandbox.dockerHost, env: { UPDATE_KEEP_IMAGES: '0' } });
  let program: ProgramProcess | null = null;
  try {
    const fleet = await raiseFleet(sandbox, options.updates, options.bad);
    program = await start();
    return await watched(sandbox, fleet, options, program, async (running) => {
      await running.kill();
      program = await start();
      return program;
    });
  } finally {
    await program?.stop();
    await sandbox.destroy();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

async function watched(
  sandbox: Sandbox,
  fleet: readonly Member[],
  { maxParallel, kills, seed, tell }: ManyOptions,
  first: ProgramProcess,
  killAndRestart: (running: ProgramProcess) => Promise<ProgramProcess>,
): Promise<ManyVerdict> {
  const chance = new Chance(String(seed));
  const swaps = watchSwaps(sandbox.docker);
  let program = first;
  let struck = 0;
  try {
    const began = performance.now();
    const batchId = await startBatch(program, fleet, maxParallel);
    while (struck < kills && (await isRunning(program, batchId))) {
      const life = chance.between(0, LONGEST_LIFE_MS);
      await delay(life);
      tell(`kill ${struck + 1} of ${kills}, after ${life} ms: ${await countsText(program, batchId)}`);
      program = await killAndRestart(program);
      struck += 1;
    }
    while (await isRunning(program, batchId)) {
      if (performance.now() - began > PATIENCE_MS) break;
      await delay(200);
    }
    const tookMs = Math.round(performance.now() - began);
    const { most } = await swaps.stop();
    const faults = await judgeFleet(sandbox, program, { fleet, batchId, maxParallel });
    if (most > maxParallel) faults.push(`${most} containers were swapped at the same time; ${maxParallel} may be`);
    return { faults, mostSwapped: most, kills: struck, tookMs };
  } finally {
    await swaps.stop();
  }
}

async function countsText(program: ProgramProcess, batchId: string): Promise<string> {
  const { data } = await request(program, 'GET', `/updates/batch/${batchId}`);
  return Object.entries((data?.counts ?? {}) as Record<string, number>)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}
