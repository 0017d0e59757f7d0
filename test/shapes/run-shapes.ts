import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { request } from '../rig/api-client.ts';
import { exec, pull } from '../rig/sample-container.ts';
import { IMAGES } from './images.ts';
import { inTurns } from './in-turns.ts';
import { judge } from './judge.ts';
import { makeShape, type PreparedShape, prepareShape } from './make-shape.ts';
import { mountContents } from './mount-contents.ts';
import type { Differences, Family, Shape } from './shape.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

/** How many containers are made, and updated, at the same time. */
const AT_A_TIME = 4;

export interface ShapeVerdict {
  shape: Shape;
  /** How the update ended. */
  status: string;
  /** What is otherwise than it must be, one sentence each. */
  faults: string[];
  /** How many lines were announced to differ, and do. */
  announced: number;
}

interface Observed {
  inspect: ContainerInspectInfo;
  contents: Map<string, string>;
  /** What the shape's own shell lines, and `cat` of its files, print within it. */
  printed: string[];
}

interface MadeShape {
  prepared: PreparedShape;
  before: Observed;
}

async function observe(workshop: Workshop, { shape }: PreparedShape): Promise<Observed> {
  const container = workshop.sandbox.docker.getContainer(shape.name);
  const inspect = await container.inspect();
  const lines = [...(shape.inside ?? []), ...(shape.writes ?? []).map((file) => `cat ${file}`)];
  const printed: string[] = [];
  if (inspect.State.Status === 'running') {
    for (const line of lines) {
      const text = await exec(workshop.sandbox.docker, shape.name, ['sh', '-c', line]);
      printed.push(`${line}: ${text.replaceAll(inspect.Id.slice(0, 12), '<own short id>')}`);
    }
  }
  return { inspect, contents: await mountContents(inspect, workshop.directory), printed };
}

/** What must differ: what the image changes and the user did not set, and what the shape says. */
function announcedFor({ shape, imageName }: PreparedShape): Differences {
  const keeps = shape.keeps ?? [];
  const ofImage = Object.entries(IMAGES[imageName]?.differences ?? {}).filter(
    ([path]) => !keeps.some((beginning) => path.startsWith(beginning)),
  );
  return { Image: ['{v1}', '{v2}'], ...Object.fromEntries(ofImage), ...shape.differences };
}

async function updatedImage(docker: Docker, { fill }: PreparedShape): Promise<string> {
  return (await docker.getImage(fill('{repository}@{digest2}')).inspect()).Id;
}

function contentFaults(before: Observed, after: Observed, newVolumes: readonly string[]): string[] {
  const paths = new Set([...before.contents.keys(), ...after.contents.keys()]);
  const faults: string[] = [];
  for (const path of paths) {
    const [one, other] = [before.contents.get(path), after.contents.get(path)];
    const isNew = one === undefined && newVolumes.some((volume) => path === volume || path.startsWith(`${volume}/`));
    if (one !== other && !isNew) faults.push(`the file ${path}: ${one ?? '(nothing)'} became ${other ?? '(nothing)'}`);
  }
  return faults;
}

function printedFaults(before: Observed, after: Observed): string[] {
  if (after.inspect.State.Status !== 'running' || before.printed.length === 0) return [];
  return before.printed.flatMap((line, index) =>
    line === after.printed[index] ? [] : [`within it: ${line} became ${after.printed[index] ?? '(nothing)'}`],
  );
}

/** A volume that should have been written to must have the file, or nothing is shown by its being the same. */
function writtenFaults({ shape }: PreparedShape, after: Observed): string[] {
  return (shape.writes ?? []).flatMap((file) =>
    after.contents.has(file) ? [] : [`the file ${file} is in none of its volumes and binds`],
  );
}

async function update(
  workshop: Workshop,
  name: string,
  body: object,
): Promise<{ status: string; message: string | null }> {
  const list = await request(workshop.program, 'GET', `/containers?name=${encodeURIComponent(name)}&status=all`);
  const [found] = list.data.items as Array<{ id: string }>;
  if (found === undefined) throw new Error(`the API lists no container ${name}`);
  const answer = await request(workshop.program, 'POST', `/containers/${found.id}/update`, { wait: 120, ...body });
  const ended = answer.data?.result;
  if (ended === undefined || ended === null) throw new Error(`the update of ${name}: ${JSON.stringify(answer)}`);
  return ended;
}

async function makeAndObserve(workshop: Workshop, prepared: PreparedShape): Promise<MadeShape> {
  await makeShape(workshop, prepared);
  return { prepared, before: await observe(workshop, prepared) };
}

/** One shape that can't be made or updated must not keep the others from their verdicts. */
async function attempt<Answer>(act: () => Promise<Answer>): Promise<Answer | Error> {
  return act().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

async function updateAndJudge(workshop: Workshop, { prepared, before }: MadeShape): Promise<ShapeVerdict> {
  const { shape } = prepared;
  const ended = await update(workshop, shape.name, { soak: 0, ...shape.update });
  const wanted = shape.ends ?? { status: 'success', saying: '' };
  const verdict = { shape, status: ended.status, announced: 0 };
  if (ended.status !== wanted.status || !(ended.message ?? '').includes(wanted.saying))
    return { ...verdict, faults: [`ended as ${ended.status}: ${ended.message}`] };

  const after = await observe(workshop, prepared);
  const isNew = wanted.status === 'success';
  if (isNew === (after.inspect.Id === before.inspect.Id))
    return { ...verdict, faults: [isNew ? 'it is the same container' : 'it is another container'] };
  const filled = prepared.fill(isNew ? announcedFor(prepared) : {});
  const v2 = isNew ? await updatedImage(workshop.sandbox.docker, prepared) : '';
  const announced = JSON.parse(JSON.stringify(filled).replaceAll('{v2}', v2)) as Differences;
  const newVolumes = isNew ? (IMAGES[prepared.imageName]?.newVolumes ?? []) : [];
  return {
    ...verdict,
    announced: Object.keys(announced).length,
    faults: [
      ...judge(before.inspect, after.inspect, announced, newVolumes),
      ...contentFaults(before, after, newVolumes),
      ...writtenFaults(prepared, after),
      ...printedFaults(before, after),
    ],
  };
}

/** Everything on the engine that no update may touch. */
async function surroundings(docker: Docker): Promise<Map<string, string>> {
  const [containers, { Volumes }, networks] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listVolumes(),
    docker.listNetworks(),
  ]);
  return new Map([
    ...containers.map(
      ({ Id, Names }) => [`container ${Names.find((name) => name.lastIndexOf('/') === 0)}`, Id] as const,
    ),
    ...Volumes.map((volume) => [`volume ${volume.Name}`, JSON.stringify(volume)] as const),
    ...networks.map(({ Name, Id, Options, Labels, IPAM }) => {
      return [`network ${Name}`, JSON.stringify({ Id, Options, Labels, IPAM })] as const;
    }),
  ]);
}

/** Leftovers, losses and neighbours that were touched. */
function surroundingFaults(
  before: Map<string, string>,
  after: Map<string, string>,
  updated: ReadonlySet<string>,
  newVolumes: number,
): string[] {
  const faults: string[] = [];
  const gained = [...after.keys()].filter((key) => !before.has(key));
  const gainedVolumes = gained.filter((key) => /^volume [0-9a-f]{64}$/.test(key));
  for (const key of gained) if (!gainedVolumes.includes(key)) faults.push(`${key} is left behind`);
  if (gainedVolumes.length !== newVolumes)
    faults.push(`${gainedVolumes.length} new volumes instead of ${newVolumes}: ${gainedVolumes.join(', ')}`);
  for (const [key, value] of before) {
    const now = after.get(key);
    if (now === undefined) faults.push(`${key} is gone`);
    else if (now !== value && !updated.has(key)) faults.push(`${key}: ${value} became ${now}`);
  }
  return faults;
}

export interface ShapesRun {
  verdicts: ShapeVerdict[];
  /** What is wrong on the engine as a whole. */
  faults: string[];
}

function newVolumesOf({ prepared: { shape, imageName }, before }: MadeShape): number {
  if (shape.ends !== undefined) return 0;
  const declared = IMAGES[imageName]?.newVolumes ?? [];
  return declared.filter((path) => before.inspect.Mounts.every(({ Destination }) => Destination !== path)).length;
}

async function runFamily(workshop: Workshop, shapes: readonly Shape[]): Promise<ShapesRun> {
  const { docker } = workshop.sandbox;
  const prepared = await inTurns(shapes, AT_A_TIME, (shape) => attempt(() => prepareShape(workshop, shape)));
  const made = await inTurns(prepared, AT_A_TIME, async (shape) =>
    shape instanceof Error ? shape : attempt(() => makeAndObserve(workshop, shape)),
  );
  await request(workshop.program, 'GET', '/images/check');
  const around = await surroundings(docker);
  const verdicts = await inTurns(made, AT_A_TIME, async (subject, index) => {
    const ended = subject instanceof Error ? subject : await attempt(() => updateAndJudge(workshop, subject));
    const shape = shapes[index] as Shape;
    return ended instanceof Error ? { shape, status: 'not updated', faults: [ended.message], announced: 0 } : ended;
  });
  const updated = new Set(verdicts.map(({ shape }) => `container /${shape.name}`));
  const newVolumes = made.reduce((sum, subject) => sum + (subject instanceof Error ? 0 : newVolumesOf(subject)), 0);
  return { verdicts, faults: surroundingFaults(around, await surroundings(docker), updated, newVolumes) };
}

/**
 * Makes room for the next family: health checks of dozens of containers keep the machine busy, and the tags have moved.
 */
async function clearUp({ sandbox: { docker }, images }: Workshop): Promise<void> {
  const containers = await docker.listContainers({ all: true });
  await inTurns(containers, AT_A_TIME, async ({ Id }) => {
    await docker.getContainer(Id).remove({ force: true, v: true });
  });
  for (const { repository, digest1 } of images.values()) {
    await pull(docker, `${repository}@${digest1}`);
    await docker.getImage(`${repository}@${digest1}`).tag({ repo: repository, tag: 'stable' });
  }
}

/**
 * Makes a container of each shape on one engine, family by family, updates them with the real program, several at a
 * time, and judges each and their surroundings.
 */
export async function runShapes(
  name: string,
  families: readonly Family[],
  tell: (line: string) => void,
): Promise<ShapesRun> {
  const imageNames = new Set([
    'plain',
    ...families.flatMap(({ shapes }) => shapes.map(({ image = 'plain' }) => image)),
  ]);
  const began = performance.now();
  const say = (line: string) => tell(`${((performance.now() - began) / 1000).toFixed(1)} s: ${line}`);
  const workshop = await openWorkshop(name, [...imageNames]);
  try {
    say(`engine, program and ${imageNames.size} images in two versions are there`);
    const runs: ShapesRun[] = [];
    for (const family of families) {
      runs.push(await runFamily(workshop, family.shapes));
      await clearUp(workshop);
      say(`${family.shapes.length} containers of the family ${family.name} were updated`);
    }
    return { verdicts: runs.flatMap(({ verdicts }) => verdicts), faults: runs.flatMap(({ faults }) => faults) };
  } finally {
    await workshop.close();
  }
}
