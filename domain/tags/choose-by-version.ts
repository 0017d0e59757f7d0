import { compareNumbers, compareVersions } from './compare-versions.ts';
import type { LeftOutReason, LeftOutTally } from './left-out.ts';
import type { VersionLevel } from './tag-rule.ts';
import { isOrdered, readTag, type TagVersion } from './tag-version.ts';

/** What a rule lets a version go to; the family, the order and pre-releases are looked at before. */
export type Allows = (candidate: TagVersion, current: TagVersion) => boolean;

export interface Winner {
  tag: string;
  /** Of how many tags that would have done it is the newest. */
  among: number;
}

/**
 * Whether a move changes no more than the given level. Of four parts, the third and fourth are the patch; a date or a count
 * of builds has no levels, so all let it move on. Alpine's release, where the tag says it, is held to the same level.
 */
export function changesAtMost(level: VersionLevel): Allows {
  const kept = { major: 0, minor: 1, patch: 2 }[level];
  const same = (a: readonly number[], b: readonly number[]): boolean =>
    compareNumbers(a.slice(0, kept), b.slice(0, kept)) === 0;
  return (candidate, current) =>
    same(candidate.alpine, current.alpine) && (candidate.kind !== 'version' || same(candidate.parts, current.parts));
}

/**
 * A pre-release is for who already runs one, and never a less finished one of another version: `3.13.0rc1` may go to
 * `3.14.0rc1`, not to `3.14.0a1`.
 */
function isTooEarly(candidate: TagVersion, current: TagVersion): boolean {
  if (candidate.prerelease === null) return false;
  if (current.prerelease === null) return true;
  return candidate.prerelease.stage < current.prerelease.stage && compareNumbers(candidate.parts, current.parts) !== 0;
}

/** Why a version can't follow the current one; null where it can. */
function reasonAgainst(candidate: TagVersion, current: TagVersion, allows: Allows): LeftOutReason | null {
  if (candidate.family !== current.family) return 'otherFamily';
  if (isTooEarly(candidate, current)) return 'prerelease';
  // On a newer version that stands on an older Alpine, the container would lose what it has.
  if (compareVersions(candidate, current) <= 0 || compareNumbers(candidate.alpine, current.alpine) < 0)
    return 'notNewer';
  return allows(candidate, current) ? null : 'beyondRule';
}

/** The newest tag that a rule allows after the current one; null for none. Of equal ones, the first by its letters. */
export function chooseByVersion(
  current: TagVersion,
  tags: Iterable<string>,
  allows: Allows,
  leftOut: LeftOutTally,
): Winner | null {
  let best: { tag: string; version: TagVersion } | null = null;
  let among = 0;
  for (const tag of tags) {
    const version = readTag(tag);
    if (!isOrdered(version)) {
      leftOut.add('otherFamily');
      continue;
    }
    const reason = reasonAgainst(version, current, allows);
    if (reason !== null) {
      leftOut.add(reason);
      continue;
    }
    among += 1;
    const order = best === null ? 1 : compareVersions(version, best.version);
    if (best === null || order > 0 || (order === 0 && tag < best.tag)) best = { tag, version };
  }
  return best === null ? null : { tag: best.tag, among };
}
