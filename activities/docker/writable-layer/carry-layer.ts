import { Readable } from 'node:stream';
import { TypedFailure } from '../../../contracts/failure-types.ts';
import type { ContainerInspect } from '../../../domain/engine-types.ts';
import { type CarryUnit, planCarry } from '../../../domain/writable-layer/plan-carry.ts';
import type { Engine, PathStat } from '../engine/engine.ts';
import { END_OF_ARCHIVE, relocateEntries, type Take } from './tar-entries.ts';

/** More than that is data, which belongs into a volume: copying it would make the downtime a matter of minutes. */
const MOST_BYTES = 1024 ** 3;
/** The engine takes some 50 ms for each archive that it is asked for, and gives them one at a time. */
const MOST_ARCHIVES = 1_000;
const STATS_AT_ONCE = 16;

export interface CarriedLayer {
  /** Paths, where a folder that is new as a whole counts once. */
  paths: number;
  bytes: number;
}

interface Wanted {
  path: string;
  take: Take;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function refusal(name: string, why: string): TypedFailure {
  return new TypedFailure(
    'Unreproducible',
    `The files that ${name} holds outside its volumes can't be taken along: ${why} Move them to a volume, or say --writable-layer warn (lose them).`,
  );
}

/**
 * The archives one after the other. Never two at once: the engine locks the container as long as it sends one, and asked
 * for two it may begin with the second, for which nobody listens yet.
 */
async function* archives(engine: Engine, id: string, wanted: readonly Wanted[]) {
  for (const next of wanted) {
    const archive = await engine.readArchive(id, next.path);
    // What vanished since it was listed is no longer anybody's.
    if (archive === null) continue;
    try {
      yield { ...next, archive };
    } finally {
      archive.destroy();
    }
  }
}

/** What lies at those paths of the successor, in the same order, few at a time. */
async function statAll(engine: Engine, id: string, paths: readonly string[]): Promise<Array<PathStat | null>> {
  const stats: Array<PathStat | null> = [];
  for (let from = 0; from < paths.length; from += STATS_AT_ONCE) {
    const few = paths.slice(from, from + STATS_AT_ONCE);
    stats.push(...(await Promise.all(few.map((path) => engine.statPath(id, path)))));
  }
  return stats;
}

/** The folders above the units that the successor's image doesn't have. The others are that image's affair. */
async function missingFolders(engine: Engine, successorId: string, folders: readonly string[]): Promise<Wanted[]> {
  const stats = await statAll(engine, successorId, folders);
  return folders.filter((_, index) => stats[index] === null).map((path) => ({ path, take: 'folder' }));
}

async function whatToCarry(engine: Engine, predecessor: ContainerInspect, successorId: string, name: string) {
  const { units, folders } = planCarry(await engine.listChanges(predecessor.Id), predecessor);
  if (units.length > MOST_ARCHIVES)
    throw refusal(name, `they lie in ${units.length} places, more than ${MOST_ARCHIVES}.`);
  const missing = await missingFolders(engine, successorId, folders);
  return { units, wanted: [...missing, ...units] satisfies Wanted[] };
}

/** One archive of everything, measured as it goes. */
async function* oneArchive(
  engine: Engine,
  predecessor: ContainerInspect,
  name: string,
  wanted: readonly Wanted[],
  carried: CarriedLayer,
  seen: (path: string, first: { folder: boolean }) => void,
): AsyncGenerator<Buffer> {
  for await (const { path, take, archive } of archives(engine, predecessor.Id, wanted)) {
    const entries = relocateEntries(archive, folderOf(path), take, (first) => {
      seen(path, first);
      if (take !== 'folder' && !(first.folder && take === 'file')) carried.paths += 1;
    });
    for await (const bytes of entries) {
      carried.bytes += bytes.length;
      if (carried.bytes > MOST_BYTES) throw refusal(name, 'they are more than 1 GiB.');
      yield bytes;
    }
  }
  yield END_OF_ARCHIVE;
}

/**
 * Copies what the predecessor added or changed outside its mounts into the successor, which was never started: contents,
 * owners, modes, times and links. Only reads the predecessor; doing it again gives the same.
 *
 * It is exact only when nothing writes any more, so a running container is read between its stop and its successor's start,
 * although that lengthens the downtime: a copy that is made before would miss the last writes, bring back files that were
 * used up since, and may be torn. What can go wrong is found before the stop, by `rehearseCarry`.
 * @throws TypedFailure `Unreproducible` when it is too much, or a file would have to replace a folder of the new image
 */
export async function carryLayer(
  engine: Engine,
  predecessor: ContainerInspect,
  successorId: string,
  name: string,
): Promise<CarriedLayer> {
  const carried: CarriedLayer = { paths: 0, bytes: 0 };
  const { wanted } = await whatToCarry(engine, predecessor, successorId, name);
  if (wanted.length === 0) return carried;
  const tar = Readable.from(
    oneArchive(engine, predecessor, name, wanted, carried, () => undefined),
    {
      objectMode: false,
    },
  );
  try {
    await engine.writeArchive(successorId, tar);
  } catch (error) {
    if (error instanceof TypedFailure && error.type === 'CreateRejected') throw refusal(name, error.message);
    throw error;
  } finally {
    tar.destroy();
  }
  return carried;
}

/**
 * Finds out whether `carryLayer` can succeed, while the predecessor still serves: everything is read and measured, and
 * held against what the new image has at those places. Nothing is written.
 * @throws TypedFailure `Unreproducible` as `carryLayer` would
 */
export async function rehearseCarry(
  engine: Engine,
  predecessor: ContainerInspect,
  successorId: string,
  name: string,
): Promise<CarriedLayer> {
  const carried: CarriedLayer = { paths: 0, bytes: 0 };
  const { units, wanted } = await whatToCarry(engine, predecessor, successorId, name);
  const folders = new Map<string, boolean>();
  const entries = oneArchive(engine, predecessor, name, wanted, carried, (path, { folder }) => {
    folders.set(path, folder);
  });
  for await (const _bytes of entries);
  const conflict = await findConflict(engine, successorId, units, folders);
  if (conflict !== null) throw refusal(name, conflict);
  return carried;
}

/** Something that is a file on one side and a folder on the other, in words, or null. */
async function findConflict(
  engine: Engine,
  successorId: string,
  units: readonly CarryUnit[],
  folders: ReadonlyMap<string, boolean>,
): Promise<string | null> {
  const taken = units.filter(({ path, take }) => folders.has(path) && !(folders.get(path) === true && take === 'file'));
  const stats = await statAll(
    engine,
    successorId,
    taken.map(({ path }) => path),
  );
  const conflict = taken.find(({ path }, index) => (stats[index]?.folder ?? folders.get(path)) !== folders.get(path));
  if (conflict === undefined) return null;
  const [here, there] = folders.get(conflict.path) === true ? ['a folder', 'a file'] : ['a file', 'a folder'];
  return `${conflict.path} is ${here}, and ${there} in the new image.`;
}
