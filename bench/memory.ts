import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProgramProcess } from '../test/rig/program-process.ts';
import { publishWeb, runContainer } from '../test/rig/sample-container.ts';
import type { Sandbox } from '../test/rig/sandbox.ts';
import { inParallel } from './in-parallel.ts';
import { wholeNumber } from './rounds.ts';
import { containerIds, runBatch } from './run-batch.ts';
import { inWorld } from './world.ts';

const UPDATES = wholeNumber('BENCH_UPDATES', 500);
/** Containers, each updated again and again, to and fro between two versions. */
const CONTAINERS = 25;
const EVERY = 50;
if (UPDATES % EVERY !== 0) throw new Error(`BENCH_UPDATES is ${UPDATES}; expected a multiple of ${EVERY}.`);
const MB = 1024 * 1024;

interface Memory {
  /** Updates that were done until then. */
  updates: number;
  rss: number;
  heapUsed: number;
}

async function memoryOf({ pid }: ProgramProcess, dataDirectory: string, updates: number): Promise<Memory> {
  const file = path.join(dataDirectory, 'memory.json');
  await rm(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  for (let waited = 0; !existsSync(file); waited += 20) {
    if (waited > 30_000) throw new Error('the program did not tell its memory');
    await delay(20);
  }
  const { rss, heapUsed } = JSON.parse(await readFile(file, 'utf8')) as Memory;
  return { updates, rss, heapUsed };
}

/** Bytes per update, by least squares. */
function slope(memories: readonly Memory[], of: 'rss' | 'heapUsed'): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(memories.map(({ updates }) => updates));
  const y = mean(memories.map((memory) => memory[of]));
  const above = memories.reduce((sum, memory) => sum + (memory.updates - x) * (memory[of] - y), 0);
  return above / memories.reduce((sum, { updates }) => sum + (updates - x) ** 2, 0);
}

function tell({ updates, rss, heapUsed }: Memory): void {
  console.log(
    `  after ${String(updates).padStart(4)} updates: RSS ${(rss / MB).toFixed(1)} MB, heap of the main thread ${(heapUsed / MB).toFixed(1)} MB`,
  );
}

async function measure(sandbox: Sandbox, program: ProgramProcess, dataDirectory: string): Promise<void> {
  for (const tag of ['a', 'b']) await publishWeb(sandbox, `memory:${tag}`, tag);
  const names = Array.from({ length: CONTAINERS }, (_, index) => `memory${index}`);
  await inParallel(names, 4, async (name) => {
    await runContainer(sandbox.docker, { name, Image: `${sandbox.registryHost}/memory:a` });
  });
  const ids = await containerIds(program, 'memory');
  const rounds = Math.ceil(UPDATES / CONTAINERS);
  const warmUp = Math.min(EVERY, UPDATES) / CONTAINERS;
  const memories: Memory[] = [];
  for (let round = 1; round <= warmUp + rounds; round += 1) {
    await runBatch(program, ids, { max_parallel: 4, soak: 0, target: round % 2 === 1 ? 'b' : 'a' });
    const done = Math.round((round - warmUp) * CONTAINERS);
    if (done < 0 || done % EVERY !== 0) continue;
    const memory = await memoryOf(program, dataDirectory, done);
    tell(memory);
    memories.push(memory);
  }
  const [first, last] = [memories[0], memories.at(-1)];
  if (first === undefined || last === undefined) throw new Error('nothing was measured');
  const growth = (of: 'rss' | 'heapUsed') =>
    `${((last[of] - first[of]) / MB).toFixed(1)} MB in all, ${(slope(memories, of) / 1024).toFixed(1)} kB per update by least squares`;
  console.log(`  RSS grew by ${growth('rss')}`);
  console.log(`  the main thread's heap grew by ${growth('heapUsed')}`);
}

/** Memory of the program (without its servers) over many updates, after a warm-up; garbage is collected before each look. */
export async function benchMemory(): Promise<void> {
  console.log(`Memory of the program over ${UPDATES} updates (after ${Math.min(EVERY, UPDATES)} that warm up):`);
  await inWorld(measure, { script: 'bench/serve-and-tell-memory.ts' });
}
