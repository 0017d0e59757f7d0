import type { Winner } from './choose-by-version.ts';
import type { LeftOutTally } from './left-out.ts';
import type { LinearRegex } from './linear-regex.ts';

/** What the groups captured: numbers to order by, and words that must stay. */
interface Captured {
  /** One list for each group that captured numbers; empty where the group took no part. */
  numbers: bigint[][];
  words: string;
}

const NUMBERS = /^\d+(?:[._-]\d+)*$/;

function capture(groups: readonly (string | null)[]): Captured {
  const isNumeric = (group: string | null): boolean => group === null || NUMBERS.test(group);
  return {
    numbers: groups.map((group) => (group !== null && isNumeric(group) ? group.split(/[._-]/).map(BigInt) : [])),
    words: JSON.stringify(groups.map((group) => (isNumeric(group) ? null : group))),
  };
}

function compareGroups(a: bigint[], b: bigint[]): number {
  for (const [index, number] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (number !== other) return number < other ? -1 : 1;
  }
  return a.length - b.length;
}

function compareCaptured(a: Captured, b: Captured): number {
  for (const [index, group] of a.numbers.entries()) {
    const order = compareGroups(group, b.numbers[index] ?? []);
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * The newest of the tags that a pattern matches, by what its groups capture: from the first group to the last, as numbers.
 * A group that took no part counts as less than any number. One that captured anything but numbers (`(alpine|slim)`) must
 * capture the same as it does in the current tag. Of equal ones, the first by its letters.
 * @param current what the groups captured in the current tag
 */
export function chooseByGroups(
  current: readonly (string | null)[],
  regex: LinearRegex,
  tags: Iterable<string>,
  leftOut: LeftOutTally,
): Winner | null {
  const now = capture(current);
  let best: { tag: string; captured: Captured } | null = null;
  let among = 0;
  for (const tag of tags) {
    const groups = regex.groups(tag);
    if (groups === null) {
      leftOut.add('unmatched');
      continue;
    }
    const captured = capture(groups);
    if (captured.words !== now.words || compareCaptured(captured, now) <= 0) {
      leftOut.add(captured.words === now.words ? 'notNewer' : 'otherFamily');
      continue;
    }
    among += 1;
    const order = best === null ? 1 : compareCaptured(captured, best.captured);
    if (best === null || order > 0 || (order === 0 && tag < best.tag)) best = { tag, captured };
  }
  return best === null ? null : { tag: best.tag, among };
}
