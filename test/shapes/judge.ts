import type { ContainerInspectInfo } from 'dockerode';
import { allowanceFor, type Circumstances } from './allowed-differences.ts';
import { type Change, changes, flatten } from './flatten.ts';
import { legible } from './legible.ts';
import type { Differences } from './shape.ts';

const ABSENT = '(nothing)';

/**
 * Compares a container with its successor, strictly: what was announced must have happened exactly so, what is on the
 * list of allowed differences may have, and all the rest must be equal to the last character.
 * @param announced by path, with placeholders filled in
 * @returns faults, one sentence each; none for a faithful successor
 */
export function judge(
  before: ContainerInspectInfo,
  after: ContainerInspectInfo,
  announced: Differences,
  newVolumes: readonly string[],
): string[] {
  const circumstances: Circumstances = { before, after, newVolumes };
  const found = [...changes(flatten(legible(before)), flatten(legible(after))), ...orderChanges(before, after)];
  const faults = found.flatMap((change) => {
    const wanted = announced[change.path];
    if (wanted !== undefined && wanted[0] === change.before && wanted[1] === change.after) return [];
    if (wanted === undefined && allowanceFor(change, circumstances) !== null) return [];
    return [`${change.path}: ${change.before ?? ABSENT} became ${change.after ?? ABSENT}`];
  });
  const changed = new Set(found.map(({ path }) => path));
  const missing = Object.entries(announced).flatMap(([path, [from, to]]) =>
    changed.has(path) ? [] : [`${path}: did not change from ${from ?? ABSENT} to ${to ?? ABSENT}`],
  );
  return [...faults, ...missing];
}

/** Variables that both have, in their order, where that is not the same. */
function orderChanges(before: ContainerInspectInfo, after: ContainerInspectInfo): Change[] {
  const names = (container: ContainerInspectInfo) =>
    (container.Config.Env ?? []).map((entry) => entry.split('=', 1)[0]);
  const [one, other] = [names(before), names(after)];
  const order = (list: typeof one) => list.filter((name) => one.includes(name) && other.includes(name)).join(' ');
  const change = { path: 'Config.Env in order', before: order(one), after: order(other) };
  return change.before === change.after ? [] : [change];
}
