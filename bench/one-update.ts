import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { freePort } from '../embedded/free-port.ts';
import { containerId, request, updateEnd } from '../test/rig/api-client.ts';
import type { ProgramProcess } from '../test/rig/program-process.ts';
import { pageAt, publishWeb, pull, runContainer } from '../test/rig/sample-container.ts';
import type { Sandbox } from '../test/rig/sandbox.ts';
import { downtimeOf } from './downtime.ts';
import { median, seconds } from './figures.ts';
import { roundsOr } from './rounds.ts';
import { inWorld } from './world.ts';

const ROUNDS = roundsOr(7);

interface Round {
  wallMs: number;
  /** Null where nobody probed: a look every 2 ms takes a good part of a core from what is measured. */
  downtimeMs: number | null;
  steps: Record<string, number>;
}

/** Runs it, probed or not. @returns the downtime, or null */
async function watched(port: number, probed: boolean, run: () => Promise<void>): Promise<number | null> {
  if (probed) return downtimeOf(port, run);
  await run();
  // As long as the probe waits for its last answer, so that no round begins in another's wake.
  await delay(300);
  return null;
}

function options(
  name: string,
  image: string,
  port: number,
): Docker.ContainerCreateOptions & { name: string; Image: string } {
  return {
    name,
    Image: image,
    ExposedPorts: { '80/tcp': {} },
    HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } },
  };
}

async function expectPage(port: number, version: string): Promise<void> {
  const page = await pageAt(port);
  if (page !== version)
    throw new Error(`port ${port} serves ${page} instead of ${version}: this round measured nothing`);
}

/** The engine calls that any tool must make: pull, create, stop, start, remove. */
async function bare(sandbox: Sandbox, port: number, version: string, probed: boolean): Promise<Round> {
  const tag = `${sandbox.registryHost}/bare:stable`;
  const digest = await publishWeb(sandbox, tag, version);
  const steps: Record<string, number> = {};
  const timed = async <Answer>(step: string, run: () => Promise<Answer>): Promise<Answer> => {
    const began = performance.now();
    const answer = await run();
    steps[step] = performance.now() - began;
    return answer;
  };
  const image = `${sandbox.registryHost}/bare@${digest}`;
  let wallMs = 0;
  const downtimeMs = await watched(port, probed, async () => {
    const began = performance.now();
    await timed('pull', () => pull(sandbox.docker, image));
    const successor = await timed('create', () => sandbox.docker.createContainer(options('bare-next', image, port)));
    const old = sandbox.docker.getContainer('bare');
    await timed('stop', () => old.stop());
    await timed('start', () => successor.start());
    await timed('remove', () => old.remove());
    await timed('rename', () => successor.rename({ name: 'bare' }));
    wallMs = performance.now() - began;
  });
  await expectPage(port, version);
  return { wallMs, downtimeMs, steps };
}

async function ours(
  sandbox: Sandbox,
  program: ProgramProcess,
  id: string,
  port: number,
  version: string,
  probed: boolean,
): Promise<Round> {
  const tag = `${sandbox.registryHost}/ours:stable`;
  await publishWeb(sandbox, tag, version);
  let wallMs = 0;
  let steps: Record<string, number> = {};
  const downtimeMs = await watched(port, probed, async () => {
    const began = performance.now();
    const answer = await request(program, 'POST', `/containers/${id}/update`, { soak: 0, wait: 60 });
    wallMs = performance.now() - began;
    const ended = await updateEnd(program, answer.data.update_id as string);
    if (ended.status !== 'success') throw new Error(`the update ended as ${ended.status}: ${ended.message}`);
    steps = stepTimes(ended.events);
  });
  await expectPage(port, version);
  return { wallMs, downtimeMs, steps };
}

function stepTimes(events: Array<{ step: string; state: string; at: string }>): Record<string, number> {
  const times: Record<string, number> = {};
  for (const { step, state, at } of events) {
    if (state === 'started') times[step] = -Date.parse(at);
    else if (times[step] !== undefined && times[step] < 0) times[step] += Date.parse(at);
  }
  return times;
}

/** One update against the bare engine calls, turn about in one run; prints both, the ratio, and where the time goes. */
export async function benchOneUpdate(): Promise<void> {
  await inWorld(async (sandbox, program) => {
    const [barePort, ourPort] = [await freePort(), await freePort()];
    await publishWeb(sandbox, 'bare:stable', 'v0');
    await publishWeb(sandbox, 'ours:stable', 'v0');
    await runContainer(sandbox.docker, options('bare', `${sandbox.registryHost}/bare:stable`, barePort));
    await runContainer(sandbox.docker, options('ours', `${sandbox.registryHost}/ours:stable`, ourPort));
    const id = await containerId(program, 'ours');
    const floor: Round[] = [];
    const rounds: Round[] = [];
    // The first of each warms caches up and isn't counted. Every other one is probed.
    for (let round = -1; round < 2 * ROUNDS; round += 1) {
      const probed = round % 2 === 1;
      const version = `v${round + 2}`;
      const bareRound = await bare(sandbox, barePort, version, probed);
      const ourRound = await ours(sandbox, program, id, ourPort, version, probed);
      if (round < 0) continue;
      floor.push(bareRound);
      rounds.push(ourRound);
    }
    report(floor, rounds);
  });
}

function report(floor: Round[], rounds: Round[]): void {
  const line = (what: string, goal: string, figureOf: (round: Round) => number | null) => {
    const [mine, bareOnes] = [rounds, floor].map((each) => each.map(figureOf).filter((figure) => figure !== null));
    if (mine === undefined || bareOnes === undefined) return;
    const ratio = (median(mine) / median(bareOnes)).toFixed(2);
    console.log(`  ${what}: ours ${seconds(mine)}, bare engine calls ${seconds(bareOnes)}, ratio ${ratio}${goal}`);
  };
  const quiet = ({ downtimeMs }: Round) => downtimeMs === null;
  console.log(`One update of a running web container (soak 0), median of ${ROUNDS} rounds each (range):`);
  line('wall time', ' (goal 1.5)', (round) => (quiet(round) ? round.wallMs : null));
  line('downtime of the published port, probed every 2 ms', ' (goal 1.15)', ({ downtimeMs }) => downtimeMs);
  line('wall time while it is probed', '', (round) => (quiet(round) ? null : round.wallMs));
  console.log(`  where ours goes (ms; backup runs beside pull): ${stepMedians(rounds.filter(quiet))}`);
  console.log(`  where the bare calls go (ms): ${stepMedians(floor.filter(quiet))}`);
}

function stepMedians(rounds: Round[]): string {
  const steps = Object.keys(rounds[0]?.steps ?? {});
  return steps.map((step) => `${step} ${median(rounds.map((round) => round.steps[step] ?? 0)).toFixed(0)}`).join(', ');
}
