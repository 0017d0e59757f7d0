import semver, { type Range } from 'semver';
import type { TagVersion } from './tag-version.ts';

/** A range of versions in npm's syntax, compiled. */
export interface VersionRange {
  /** As it was written. */
  source: string;
  /** Whether a version lies in it. Dates lie in no range, but for the one that allows everything. */
  allows(version: TagVersion): boolean;
}

const LONGEST_RANGE = 200;

function withPrerelease(core: string, { prerelease }: TagVersion): string {
  return prerelease === null ? core : `${core}-${[prerelease.label, ...prerelease.numbers].join('.')}`;
}

/**
 * A partial version such as `1.25` stands for whichever `1.25.x` comes next, so it lies in a range only where all of those do.
 * The fourth part of a version is beyond what a range can tell, so it lies where its first three do. A pre-release must
 * lie in the range as its release does: `<2` is not meant to let `2.0.0-rc.1` in.
 */
function isIn(version: TagVersion, stable: Range, any: Range): boolean {
  const [major = 0, minor, patch] = version.parts;
  if (minor === undefined || patch === undefined) {
    if (version.prerelease !== null || !stable.test(`${major}.${minor ?? 0}.0`)) return false;
    return semver.subset([major, minor ?? 'x', 'x'].join('.'), stable);
  }
  const core = `${major}.${minor}.${patch}`;
  if (!stable.test(core)) return false;
  return version.prerelease === null || any.test(withPrerelease(core, version));
}

/** Reads a range of versions in node-semver's syntax; null where it is none. */
export function parseVersionRange(text: string): VersionRange | null {
  if (text.length > LONGEST_RANGE || semver.validRange(text) === null) return null;
  const stable = new semver.Range(text);
  const any = new semver.Range(text, { includePrerelease: true });
  const everything = semver.validRange(text) === '*';
  const answers = new Map<string, boolean>();
  return {
    source: text,
    allows: (version) => {
      if (everything) return true;
      if (version.kind !== 'version') return false;
      const key = withPrerelease(version.parts.slice(0, 3).join('.'), version);
      const known = answers.get(key);
      if (known !== undefined) return known;
      const answer = isIn(version, stable, any);
      answers.set(key, answer);
      return answer;
    },
  };
}
