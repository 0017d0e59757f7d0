import type { Prerelease } from './tag-suffix.ts';
import type { TagVersion } from './tag-version.ts';

/** Number by number; where one list is the beginning of the other, the longer is the greater. */
export function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [index, number] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (number !== other) return number < other ? -1 : 1;
  }
  return a.length - b.length;
}

function comparePrereleases(a: Prerelease | null, b: Prerelease | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a.stage - b.stage || compareNumbers(a.numbers, b.numbers);
}

/**
 * Puts two tags of the same family in order: by version, a pre-release before its release, then by builds of the same
 * version, then by the release of Alpine under it. Negative where `a` is older, 0 where they are equal as versions.
 */
export function compareVersions(a: TagVersion, b: TagVersion): number {
  return (
    compareNumbers(a.parts, b.parts) ||
    comparePrereleases(a.prerelease, b.prerelease) ||
    compareNumbers(a.counters, b.counters) ||
    compareNumbers(a.alpine, b.alpine)
  );
}
