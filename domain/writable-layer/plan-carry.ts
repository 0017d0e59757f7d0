import type { ContainerInspect } from '../engine-types.ts';
import { foldersAbove, type LayerChange } from './layer-change.ts';
import { isLeftOut, mountPlaces } from './left-out.ts';

/** Something to copy from a predecessor to its successor, by its absolute path. */
export interface CarryUnit {
  path: string;
  /** `tree`: with all that is below it. `file`: only if it isn't a folder, since that one would be the image's. */
  take: 'tree' | 'file';
}

export interface CarryPlan {
  /** In the order of their paths. */
  units: CarryUnit[];
  /** Folders above them, the outer first: made in the successor where its image has none, and left alone otherwise. */
  folders: string[];
}

/**
 * What has to be copied so that the successor has every file that was added or changed. Folders that the old image had
 * are never copied: their owner and mode are the new image's affair. Nor are deletions, for which an archive has no word.
 */
export function planCarry(changes: readonly LayerChange[], container: ContainerInspect): CarryPlan {
  const mounts = mountPlaces(container);
  const present = changes.filter(({ kind }) => kind !== 'deleted');
  const wanted = present
    .filter(({ path }) => !isLeftOut(path, mounts))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  const parents = new Set([...present.map(({ path }) => path), ...mounts].flatMap(foldersAbove));
  // A folder with something below it that isn't wanted can't be taken whole; a mount's content least of all.
  const notWhole = new Set(
    [...present.map(({ path }) => path).filter((path) => isLeftOut(path, mounts)), ...mounts].flatMap(foldersAbove),
  );
  const taken = new Set<string>();
  const units: CarryUnit[] = [];
  for (const { path, kind } of wanted) {
    if (foldersAbove(path).some((folder) => taken.has(folder))) continue;
    if (kind === 'added' && !notWhole.has(path)) {
      taken.add(path);
      units.push({ path, take: 'tree' });
    } else if (!parents.has(path)) units.push({ path, take: 'file' });
  }
  const folders = [...new Set(units.flatMap(({ path }) => foldersAbove(path)))].sort();
  return { units, folders };
}
