import type Docker from 'dockerode';
import { freePort } from '../embedded/free-port.ts';
import { containerId, request, updateEnd } from '../test/rig/api-client.ts';
import type { ProgramProcess } from '../test/rig/program-process.ts';
import { publishWeb, pull, runContainer } from '../test/rig/sample-container.ts';
import type { Sandbox } from '../test/rig/sandbox.ts';
import { downtimeOf } from './downtime.ts';
import { SHAPES, type Shape } from './downtime-shapes.ts';
import { median, seconds } from './figures.ts';
import { probeByAlias } from './probe-by-alias.ts';
import { roundsOr } from './rounds.ts';
import { inWorld } from './world.ts';

const NETWORK = 'bench-net';
const NEIGHBOUR = 'neighbour:stable';

/** One container of a shape, with what hangs on it. */
interface Subject {
  name: string;
  port: number;
  shape: Shape;
}

const dependentOf = (name: string) => `${name}-dependent`;
const tagOf = ({ name }: Subject) => `${name}:stable`;

function optionsOf({ name, port, shape }: Subject): Docker.ContainerCreateOptions {
  return shape.options({ name, port, network: NETWORK });
}

async function raise(sandbox: Sandbox, subject: Subject): Promise<void> {
  const { docker, registryHost } = sandbox;
  await publishWeb(sandbox, tagOf(subject), 'v0', [`LABEL of=${subject.name}`]);
  await runContainer(docker, {
    ...optionsOf(subject),
    name: subject.name,
    Image: `${registryHost}/${tagOf(subject)}`,
  });
  if (subject.shape.dependent) {
    await runContainer(docker, {
      name: dependentOf(subject.name),
      Image: `${registryHost}/${NEIGHBOUR}`,
      HostConfig: { NetworkMode: `container:${subject.name}` },
    });
  }
}

/** Longest time without an answer while something runs, in milliseconds. */
async function downtime(sandbox: Sandbox, subject: Subject, run: () => Promise<void>): Promise<number> {
  if (subject.shape.probedBy === 'port') return downtimeOf(subject.port, run);
  const probe = await probeByAlias(sandbox.docker, {
    image: `${sandbox.registryHost}/${NEIGHBOUR}`,
    network: NETWORK,
    alias: `${subject.name}-alias`,
  });
  await run();
  return probe.stop();
}

/** Stop and start with everything made beforehand: what no tool can do without. @returns milliseconds of downtime */
async function bare(sandbox: Sandbox, subject: Subject, version: string): Promise<number> {
  const { docker, registryHost } = sandbox;
  const { name, shape } = subject;
  const digest = await publishWeb(sandbox, tagOf(subject), version, [`LABEL of=${name}`]);
  const Image = `${registryHost}/${name}@${digest}`;
  await pull(docker, Image);
  const successor = await docker.createContainer({ ...optionsOf(subject), name: `${name}-next`, Image });
  const successors = [{ container: successor, name }];
  if (shape.dependent) {
    const container = await docker.createContainer({
      name: `${dependentOf(name)}-next`,
      Image: `${registryHost}/${NEIGHBOUR}`,
      HostConfig: { NetworkMode: `container:${successor.id}` },
    });
    successors.push({ container, name: dependentOf(name) });
  }
  const measured = await downtime(sandbox, subject, async () => {
    for (const each of successors.toReversed()) await docker.getContainer(each.name).stop();
    for (const each of successors) await each.container.start();
  });
  for (const each of successors.toReversed()) await docker.getContainer(each.name).remove();
  for (const each of successors) await each.container.rename({ name: each.name });
  return measured;
}

async function ours(
  sandbox: Sandbox,
  program: ProgramProcess,
  subject: Subject,
  id: string,
  version: string,
): Promise<number> {
  await publishWeb(sandbox, tagOf(subject), version, [`LABEL of=${subject.name}`]);
  return downtime(sandbox, subject, async () => {
    const { data } = await request(program, 'POST', `/containers/${id}/update`, { soak: 0, wait: 60 });
    const ended = await updateEnd(program, data.update_id as string);
    if (ended.status !== 'success') throw new Error(`the update ended as ${ended.status}: ${ended.message}`);
  });
}

async function measureShape(sandbox: Sandbox, program: ProgramProcess, shape: Shape, position: number): Promise<void> {
  const rounds = roundsOr(5);
  const bareSubject = { name: `bare${position}`, port: await freePort(), shape };
  const ourSubject = { name: `ours${position}`, port: await freePort(), shape };
  await raise(sandbox, bareSubject);
  await raise(sandbox, ourSubject);
  const id = await containerId(program, ourSubject.name);
  const floor: number[] = [];
  const windows: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const version = `v${round + 1}`;
    const bareMs = await bare(sandbox, bareSubject, version);
    const ourMs = await ours(sandbox, program, ourSubject, id, version);
    if (round === 0) continue;
    floor.push(bareMs);
    windows.push(ourMs);
  }
  const ratio = median(windows) / median(floor);
  console.log(`  ${shape.name.padEnd(32)} ours ${seconds(windows)}, bare ${seconds(floor)}, ratio ${ratio.toFixed(2)}`);
}

/** The downtime window of each class of container against stop and start of the same shape, turn about in one run. */
export async function benchDowntimeClasses(): Promise<void> {
  console.log(`Downtime by shape (soak 0), median of ${roundsOr(5)} rounds (range):`);
  await inWorld(async (sandbox, program) => {
    await publishWeb(sandbox, NEIGHBOUR, 'neighbour');
    await pull(sandbox.docker, `${sandbox.registryHost}/${NEIGHBOUR}`);
    await sandbox.docker.createNetwork({ Name: NETWORK });
    for (const [position, shape] of SHAPES.entries()) await measureShape(sandbox, program, shape, position);
  });
}
