import type { ProgramProcess } from '../test/rig/program-process.ts';
import { publishWeb, pull, runContainer } from '../test/rig/sample-container.ts';
import type { Sandbox } from '../test/rig/sandbox.ts';
import { cpuTimes, tellCpu } from './cpu-time.ts';
import { median, seconds } from './figures.ts';
import { inParallel } from './in-parallel.ts';
import { roundsOr, wholeNumber } from './rounds.ts';
import { type BatchRun, containerIds, runBatch } from './run-batch.ts';
import { inWorld } from './world.ts';

const UPDATES = wholeNumber('BENCH_UPDATES', 30);
const AT_ONCE = 4;
const GOAL = 1.25;

const names = (kind: string) => Array.from({ length: UPDATES }, (_, index) => `${kind}${index}`);

async function publishAll(sandbox: Sandbox, kind: string, version: string): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  // One after the other: the builder forgets what it made, layers that another build stands on included.
  for (const name of names(kind)) {
    digests.set(name, await publishWeb(sandbox, `${name}:stable`, version, [`LABEL of=${name}`]));
  }
  return digests;
}

async function raise(sandbox: Sandbox, kind: string): Promise<void> {
  await publishAll(sandbox, kind, 'v0');
  await inParallel(names(kind), AT_ONCE, async (name) => {
    await runContainer(sandbox.docker, { name, Image: `${sandbox.registryHost}/${name}:stable` });
  });
}

/** The engine calls that any tool must make, for so many containers at the same time. */
async function bare({ docker, registryHost }: Sandbox, digests: ReadonlyMap<string, string>): Promise<BatchRun> {
  const downtimesMs: number[] = [];
  const began = performance.now();
  await inParallel([...digests], AT_ONCE, async ([name, digest]) => {
    const Image = `${registryHost}/${name}@${digest}`;
    await pull(docker, Image);
    const successor = await docker.createContainer({ name: `${name}-next`, Image });
    const old = docker.getContainer(name);
    const stopped = performance.now();
    await old.stop();
    await successor.start();
    downtimesMs.push(performance.now() - stopped);
    await old.remove();
    await successor.rename({ name });
  });
  return { milliseconds: performance.now() - began, downtimesMs };
}

async function measure(sandbox: Sandbox, program: ProgramProcess, dataDirectory: string): Promise<void> {
  const cpu = () => cpuTimes([sandbox.directory, dataDirectory]);
  const rounds = roundsOr(3);
  await raise(sandbox, 'bare');
  await raise(sandbox, 'ours');
  const ids = await containerIds(program, 'ours');
  if (ids.length !== UPDATES) throw new Error(`the API lists ${ids.length} of ${UPDATES} containers`);
  const floor: BatchRun[] = [];
  const batches: BatchRun[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const version = `v${round + 1}`;
    const digests = await publishAll(sandbox, 'bare', version);
    await publishAll(sandbox, 'ours', version);
    const atFirst = cpu();
    const calls = await bare(sandbox, digests);
    const between = cpu();
    const batch = await runBatch(program, ids, { max_parallel: AT_ONCE, soak: 0 });
    const atLast = cpu();
    console.log(
      `  round ${round === 0 ? 'that warms up' : round}: ours ${batch.milliseconds.toFixed(0)} ms, bare ${calls.milliseconds.toFixed(0)} ms`,
    );
    console.log(`    CPU time, ours: ${tellCpu(between, atLast)}; bare: ${tellCpu(atFirst, between)}`);
    if (round === 0) continue;
    floor.push(calls);
    batches.push(batch);
  }
  const line = (what: string, ours: number[], theirs: number[], verdict: (ratio: number) => string) => {
    const ratio = median(ours) / median(theirs);
    console.log(
      `  ${what}: ours ${seconds(ours)}, bare engine calls ${seconds(theirs)}, ratio ${ratio.toFixed(2)}${verdict(ratio)}`,
    );
  };
  const times = (runs: BatchRun[]) => runs.map(({ milliseconds }) => milliseconds);
  const downtimes = (runs: BatchRun[]) => runs.flatMap(({ downtimesMs }) => downtimesMs);
  line('wall time', times(batches), times(floor), (ratio) => ` (goal ≤ ${GOAL}: ${ratio <= GOAL ? 'met' : 'missed'})`);
  line('downtime of each container, by the clock of whoever swaps', downtimes(batches), downtimes(floor), () => '');
}

/** Many updates in one batch against the bare engine calls at the same concurrency, turn about in one run. */
export async function benchParallel(): Promise<void> {
  console.log(`${UPDATES} updates, ${AT_ONCE} at a time, each with an image of its own (soak 0), median (range):`);
  await inWorld(measure);
}
