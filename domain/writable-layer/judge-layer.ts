import type { ContainerInspect } from '../engine-types.ts';
import { foldersAbove, type LayerChange } from './layer-change.ts';
import { isLeftOut, mountPlaces } from './left-out.ts';

/** What a container holds outside its mounts, which a recreation from its settings alone loses. */
export interface WritableLayer {
  /** How many paths were added or changed, without those of Compose. */
  changed: number;
  /** Some of them. */
  examples: string[];
  /** Configs and secrets that Compose wrote into the container itself. */
  injected: string[];
  /** How many paths of the image were deleted; the successor has them again. */
  deleted: number;
  deletedExamples: string[];
  /** Why the engine could not list the changes, or null; the rest is empty then. */
  unknown: string | null;
}

export const EMPTY_LAYER: WritableLayer = {
  changed: 0,
  examples: [],
  injected: [],
  deleted: 0,
  deletedExamples: [],
  unknown: null,
};

/** Changes that count, before it is known which of them are folders. */
export interface CountedChanges {
  /** Added or changed, with nothing changed below: files, symbolic links, and folders of which nothing else is known. */
  leaves: LayerChange[];
  deleted: string[];
}

const EXAMPLES = 5;
/** More than that is no handful of configs, but a program that writes there. */
const MOST_INJECTED = 20;
const COMPOSE_PROJECT = 'com.docker.compose.project';
/** Where Compose puts a secret, and a config, whose target isn't set; a target of the user's can't be told from any other file. */
const COMPOSE_PLACES = /^(?:\/run\/secrets)?\/[^/]+$/;

/**
 * Leaves out what nobody could miss (see `isLeftOut`), and folders that are there only for what is below them: the engine
 * lists the folders above a change, and makes those above a mount.
 */
export function countChanges(changes: readonly LayerChange[], container: ContainerInspect): CountedChanges {
  const mounts = mountPlaces(container);
  const parents = new Set([...changes.map(({ path }) => path), ...mounts].flatMap(foldersAbove));
  const counted = changes
    .filter(({ path }) => !isLeftOut(path, mounts))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  return {
    leaves: counted.filter(({ path, kind }) => kind !== 'deleted' && !parents.has(path)),
    deleted: counted.filter(({ kind }) => kind === 'deleted').map(({ path }) => path),
  };
}

/**
 * Sums up what counts.
 * @param folders paths among the leaves that are known to be folders: they hold nothing
 */
export function judgeLayer(
  { leaves, deleted }: CountedChanges,
  container: ContainerInspect,
  folders: ReadonlySet<string>,
): WritableLayer {
  const byCompose = container.Config.Labels?.[COMPOSE_PROJECT] !== undefined;
  const files = leaves.map(({ path }) => path).filter((path) => !folders.has(path));
  const injected = files.filter((path) => byCompose && COMPOSE_PLACES.test(path)).slice(0, MOST_INJECTED);
  const changed = files.filter((path) => !injected.includes(path));
  return {
    changed: changed.length,
    examples: changed.slice(0, EXAMPLES),
    injected,
    deleted: deleted.length,
    deletedExamples: deleted.slice(0, EXAMPLES),
    unknown: null,
  };
}
