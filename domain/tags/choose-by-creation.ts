import type { Winner } from './choose-by-version.ts';
import { compareVersions } from './compare-versions.ts';
import type { LeftOutReason, LeftOutTally } from './left-out.ts';
import { isOrdered, readTag, type TagReading } from './tag-version.ts';

/** What the names of two tags say against a move, whatever the dates of their images. */
function reasonAgainst(candidate: TagReading, current: TagReading, anyFamily: boolean): LeftOutReason | null {
  const sameFamily = candidate.family === current.family;
  if (!sameFamily && !anyFamily) return 'otherFamily';
  if (!isOrdered(candidate)) return null;
  if (candidate.prerelease !== null && (!isOrdered(current) || current.prerelease === null)) return 'prerelease';
  // A fix for an old version is often published after the newest version.
  if (sameFamily && isOrdered(current) && compareVersions(candidate, current) < 0) return 'notNewer';
  return null;
}

/**
 * The tag whose image was created last, later than the current one's. It stays in the current tag's family (for a commit's
 * hash: any other in the same place), unless an include pattern says which tags are meant; it is never an older version of
 * the same family. Of equal ones, the first by its letters.
 * @param created when the image of each tag was created, in milliseconds since 1970
 * @param since when the current tag's image was created
 * @param anyFamily whether an include pattern says which tags are meant
 */
export function chooseByCreation(
  current: string,
  since: number,
  tags: Iterable<string>,
  created: ReadonlyMap<string, number>,
  anyFamily: boolean,
  leftOut: LeftOutTally,
): Winner | null {
  const now = readTag(current);
  let best: { tag: string; at: number } | null = null;
  let among = 0;
  for (const tag of tags) {
    const at = created.get(tag);
    const reason = reasonAgainst(readTag(tag), now, anyFamily);
    if (reason !== null || at === undefined || Number.isNaN(at) || at <= since) {
      leftOut.add(reason ?? (at === undefined || Number.isNaN(at) ? 'undated' : 'notNewer'));
      continue;
    }
    among += 1;
    if (best === null || at > best.at || (at === best.at && tag < best.tag)) best = { tag, at };
  }
  return best === null ? null : { tag: best.tag, among };
}
