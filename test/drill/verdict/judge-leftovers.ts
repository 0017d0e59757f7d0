import { isDeepStrictEqual } from 'node:util';
import { swapNames } from '../../../domain/swap-names.ts';
import type { EngineSnapshot, SnapshotImage } from '../../rig/engine-snapshot.ts';
import type { Subject } from '../subjects.ts';
import type { Acceptable } from './acceptable.ts';

/** What became of one update, for looking at the whole engine. */
export interface Settled {
  subject: Subject;
  updateId: string;
  registryHost: string;
  wanted: Acceptable;
}

/** Images of a subject, as they must be after its update has ended as wanted. */
function expectedImages(before: SnapshotImage[], { subject, updateId, registryHost, wanted }: Settled): Set<string> {
  const repository = `${registryHost}/${subject.name}`;
  const tag = `${repository}:stable`;
  const kept = swapNames(subject.name, updateId).keepTag;
  const [fresh, old] = [`${repository}@${subject.newDigest}`, `${repository}@${subject.oldDigest}`];
  if (wanted.bothKept)
    return new Set([describe({ tags: [kept], digests: [old] }), describe({ tags: [tag], digests: [fresh] })]);
  if (wanted.status !== 'success')
    return new Set(before.filter((image) => isOf(image, repository, kept)).map((image) => describe(image)));
  return new Set([describe({ tags: [kept], digests: [old] }), describe({ tags: [tag], digests: [fresh] })]);
}

function describe({ tags, digests }: Pick<SnapshotImage, 'tags' | 'digests'>): string {
  return `[${tags.join(', ')}] ${digests.join(', ')}`;
}

function isOf({ tags, digests }: SnapshotImage, repository: string, kept: string): boolean {
  return [...tags, ...digests].some(
    (name) => name === kept || name.startsWith(`${repository}:`) || name.startsWith(`${repository}@`),
  );
}

/** What one update has left in the engine beside its container: images, tags. */
export function imageFaults(before: EngineSnapshot, after: EngineSnapshot, settled: Settled): string[] {
  if (settled.wanted.imagesChanged) return [];
  const repository = `${settled.registryHost}/${settled.subject.name}`;
  const kept = swapNames(settled.subject.name, settled.updateId).keepTag;
  const expected = expectedImages(before.images, settled);
  const found = new Set(after.images.filter((image) => isOf(image, repository, kept)).map((image) => describe(image)));
  return [
    ...[...found].filter((image) => !expected.has(image)).map((image) => `left behind: image ${image}`),
    ...[...expected].filter((image) => !found.has(image)).map((image) => `missing: image ${image}`),
  ];
}

/** What is left in the engine that belongs to none of the subjects. */
export function strayFaults(
  before: EngineSnapshot,
  after: EngineSnapshot,
  settled: Settled[],
  alsoThere: string[],
): string[] {
  const faults: string[] = [];
  const ours = (image: SnapshotImage) =>
    settled.some(({ subject, updateId, registryHost }) =>
      isOf(image, `${registryHost}/${subject.name}`, swapNames(subject.name, updateId).keepTag),
    );
  const known = new Map(before.images.map((image) => [image.Id, image]));
  for (const image of after.images) {
    if (!ours(image) && !isDeepStrictEqual(known.get(image.Id), image))
      faults.push(`stray image ${image.Id} ${describe(image)}`);
  }
  for (const kind of ['volumes', 'networks'] as const) {
    if (!isDeepStrictEqual(before[kind], after[kind]))
      faults.push(`${kind} were ${before[kind].join(', ')} and are ${after[kind].join(', ')}`);
  }
  const names = new Set([...settled.map(({ subject }) => subject.name), ...alsoThere]);
  const foreign = (snapshot: EngineSnapshot) =>
    (snapshot.containers as Array<{ Id: string; Name: string }>).filter(
      ({ Name }) => ![...names].some((name) => Name === `/${name}` || Name.startsWith(`/${name}.`)),
    );
  if (
    !isDeepStrictEqual(
      foreign(before).map(({ Id }) => Id),
      foreign(after).map(({ Id }) => Id),
    )
  )
    faults.push(
      `other containers were touched: ${foreign(after)
        .map(({ Name }) => Name)
        .join(', ')}`,
    );
  return faults;
}
