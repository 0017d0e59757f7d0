import { readDate } from './calendar-date.ts';
import { isGitHash } from './git-hash.ts';
import { type Prerelease, readTagSuffix } from './tag-suffix.ts';

/** A tag that can be put in order with others of its family. */
export interface TagVersion {
  /**
   * - `version`: one to four numbers, the first the most significant
   * - `date`: a day, perhaps with the time
   * - `number`: a single number so long that it counts builds or seconds
   */
  kind: 'version' | 'date' | 'number';
  /** Only tags of the same family are compared (see `readTag`). */
  family: string;
  parts: readonly number[];
  prerelease: Prerelease | null;
  counters: readonly number[];
  alpine: readonly number[];
}

/** A tag in which nothing tells what is newer. */
export interface UnorderedTag {
  kind: 'hash' | 'word';
  family: string;
}

export type TagReading = TagVersion | UnorderedTag;

const LONGEST_TAG = 128;
const VERSION = /^([vVrRb]?)(\d{1,15}(?:\.\d{1,15}){0,3})(?!\.?\d)/;
const NAMES_A_HASH = /(?:^|[-_.])(?:sha|sha256|git|commit|rev)[-_.]?$/i;
/** As many digits in the only part are a counter, a time or a hash without letters; never compared with a `7` or a `1809`. */
const DIGITS_OF_A_LONG_NUMBER = 6;

const NEXT_TOKEN = /[-_+](?=[A-Za-z0-9])|(?<=[A-Za-z])\.(?=[A-Za-z0-9])/g;

/** Where a token begins: at the start, after a dash or underscore, and after a dot that follows a letter (`RELEASE.2024-…`). */
function* tokenStarts(tag: string): Generator<number> {
  yield 0;
  for (const { index } of tag.matchAll(NEXT_TOKEN)) yield index + 1;
}

function tokenAt(tag: string, start: number): string {
  return /^[^-_+.]*/.exec(tag.slice(start))?.[0] ?? '';
}

/** How the numbers are written: what differs in it is never compared. */
function shapeOf(letter: string, numbers: readonly string[]): string {
  return numbers
    .map((number, index) => {
      if (readDate(number)?.length === number.length) return 'D';
      return index === 0 && letter === '' && /^(?:199|20\d)\d$/.test(number) ? 'Y' : 'n';
    })
    .join('.');
}

function readOrdered(
  kind: TagVersion['kind'],
  shape: string,
  prefix: string,
  parts: number[],
  rest: string,
): TagVersion {
  const { family, ...suffix } = readTagSuffix(rest);
  return { kind, family: `${kind} ${prefix}<${shape}>${family}`, parts, ...suffix };
}

function readAt(tag: string, start: number, prefix: string): TagVersion | null {
  const text = tag.slice(start);
  const date = readDate(text);
  if (date !== null) return readOrdered('date', date.format, prefix, date.parts, text.slice(date.length));

  const [whole, letter = '', version = ''] = VERSION.exec(text) ?? [];
  if (whole === undefined) return null;
  const numbers = version.split('.');
  const long = numbers.length === 1 && version.length >= DIGITS_OF_A_LONG_NUMBER;
  const shape = shapeOf(letter, numbers);
  return readOrdered(
    long ? 'number' : 'version',
    long ? 'N' : shape,
    prefix + letter,
    numbers.map(Number),
    text.slice(whole.length),
  );
}

/**
 * Reads a tag as a version. It is the first token that begins with a number, a `v` before it or not; what stands before it
 * is its prefix (`v`, `release-`, `bookworm-`), what follows its suffix (see `readTagSuffix`). Two tags are of the same
 * family, and only then compared, where all of this is equal:
 *
 * - the prefix, letter by letter (a commit's hash in it may be any)
 * - how many parts the version has: `1.25` is followed by `1.26`, never by `1.26.1`
 * - whether it is a version, a date (and how that is written), a version that begins with a year (`2024.5.3`), or a
 *   single number of six digits and more: `20240101` is not newer than `9.5`
 * - what of the suffix must stay; whether it is a pre-release is no part of that
 *
 * A number written onto a word (`latest-pg16`, `ltsc2022`, `alpine3.19`) is what the image was built for, not its version.
 * A tag of commit's hash is never a version. Takes linear time and never throws.
 */
export function readTag(tag: string): TagReading {
  if (tag.length > LONGEST_TAG) return { kind: 'word', family: tag };
  let prefix = '';
  let from = 0;
  let hashed = false;
  for (const start of tokenStarts(tag)) {
    prefix += tag.slice(from, start);
    from = start;
    const token = tokenAt(tag, start);
    if (isGitHash(token) || (NAMES_A_HASH.test(prefix) && /^[0-9a-f]{7,64}$/.test(token))) {
      prefix += '<hash>';
      from = start + token.length;
      hashed = true;
      continue;
    }
    const ordered = readAt(tag, start, prefix);
    if (ordered !== null) return ordered;
  }
  return { kind: hashed ? 'hash' : 'word', family: prefix + tag.slice(from) };
}

/** Whether there is something in the tag to put it in order by. */
export function isOrdered(reading: TagReading): reading is TagVersion {
  return reading.kind !== 'hash' && reading.kind !== 'word';
}
