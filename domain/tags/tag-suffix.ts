import { readDate } from './calendar-date.ts';
import { isGitHash } from './git-hash.ts';

/** How far a version is from its release. */
export interface Prerelease {
  /** Higher is nearer to the release: 0 for builds in passing, 1 alpha, 2 beta and preview, 3 milestone, 4 release candidate. */
  stage: number;
  /** The stage's usual word, such as `rc` where a tag has `c2`. */
  label: string;
  numbers: readonly number[];
}

/** What follows the version in a tag. */
export interface TagSuffix {
  /** What must stay: two suffixes are of the same kind where this is equal. */
  family: string;
  prerelease: Prerelease | null;
  /** Numbers that count builds of the same version, such as 213 of `-ls213`. */
  counters: readonly number[];
  /** Alpine's release, such as [3, 20]; empty where it is not said. */
  alpine: readonly number[];
}

interface Token {
  separator: string;
  text: string;
}

const TOKEN = /([-_+.]*)([^-_+.]+(?:(?<=\d)\.(?=\d)[^-_+.]+)*)/g;
const NUMBER = /^\d{1,15}(?:\.\d{1,15})*$/;
const WORD_AND_NUMBER = /^([a-z0-9]*?[a-z])(\d{1,15}(?:\.\d{1,15})*)$/i;

/** Words whose number counts builds, and grows without the image becoming another one. */
const COUNTING = new Set([
  ...['ls', 'r', 'rev', 'b', 'build', 'p', 'patch', 'u', 'update', 'fix', 'hotfix', 'cu', 'v', 'ce', 'ee'],
  ...['k3s', 'rke2r', 'eksbuild', 'gke', 'nightly', 'canary', 'next', 'dev', 'edge', 'insiders', 'unstable', 'run'],
]);
/** Before a number that looks like a counter, these make it a kind of processor: `arm-v7`, `x86-64-v3`. */
const PROCESSOR = /^(?:arm\w*|aarch64|amd64|x86|64)$/;

const STAGES: Readonly<Record<string, readonly [stage: number, label: string]>> = {
  snapshot: [0, 'snapshot'],
  dev: [0, 'dev'],
  ea: [1, 'alpha'],
  alpha: [1, 'alpha'],
  a: [1, 'alpha'],
  beta: [2, 'beta'],
  b: [2, 'beta'],
  pre: [2, 'preview'],
  preview: [2, 'preview'],
  milestone: [3, 'milestone'],
  m: [3, 'milestone'],
  rc: [4, 'rc'],
  cr: [4, 'rc'],
  c: [4, 'rc'],
};
/** Without a number, `-dev` and `-m` name a variant. */
const ONLY_WITH_NUMBER = new Set(['dev', 'm', 'a', 'b', 'c']);
/** Python's short forms are written onto the version (`3.13.0b1`); after a dash the same letters count builds. */
const ONLY_WRITTEN_ON = new Set(['a', 'b', 'c', 'dev']);

/** What one token of a suffix says. */
type Meaning =
  | { kind: 'prerelease'; prerelease: Prerelease }
  | { kind: 'hash' }
  | { kind: 'count' | 'alpine'; word: string; numbers: readonly number[] }
  | { kind: 'stays' };

/** What the tokens before one have settled. */
interface Context {
  before: string;
  /** Whether a bare number counts builds here; so it does straight after the version. */
  counting: boolean;
  prerelease: Prerelease | null;
}

function numbersOf(text: string): number[] {
  return text.split('.').map(Number);
}

function isSolidDate(text: string): boolean {
  return readDate(text)?.length === text.length;
}

function readPrerelease({ separator, text }: Token, first: boolean): Prerelease | null {
  const lower = text.toLowerCase();
  const [, word = lower, number] = WORD_AND_NUMBER.exec(lower) ?? [];
  const stage = Object.hasOwn(STAGES, word) ? STAGES[word] : undefined;
  if (stage === undefined) return null;
  if (ONLY_WITH_NUMBER.has(word) && (number === undefined || !first)) return null;
  if (ONLY_WRITTEN_ON.has(word) && separator !== '' && separator !== '.') return null;
  return { stage: stage[0], label: stage[1], numbers: number === undefined ? [] : numbersOf(number) };
}

function meaningOf(token: Token, { before, counting, prerelease }: Context): Meaning {
  if (isGitHash(token.text)) return { kind: 'hash' };
  if (prerelease === null) {
    const read = readPrerelease(token, before === '');
    if (read !== null) return { kind: 'prerelease', prerelease: read };
  }
  if (NUMBER.test(token.text)) {
    const numbers = numbersOf(token.text);
    // `rc-1` and `beta.3`: the number of a pre-release in a token of its own.
    if (prerelease?.numbers.length === 0 && Object.hasOwn(STAGES, before.toLowerCase()))
      return { kind: 'prerelease', prerelease: { ...prerelease, numbers } };
    if (before === 'alpine') return { kind: 'alpine', word: '', numbers };
    return counting || isSolidDate(token.text) ? { kind: 'count', word: '', numbers } : { kind: 'stays' };
  }
  const [, word = '', number = ''] = WORD_AND_NUMBER.exec(token.text) ?? [];
  if (word === 'alpine') return { kind: 'alpine', word, numbers: numbersOf(number) };
  if (COUNTING.has(word.toLowerCase()) && !PROCESSOR.test(before))
    return { kind: 'count', word, numbers: numbersOf(number) };
  return { kind: 'stays' };
}

/** How a token shows in the family: what may change in it as a placeholder. */
function familyPart({ separator, text }: Token, meaning: Meaning): string {
  switch (meaning.kind) {
    case 'prerelease':
      return '';
    case 'hash':
      return `${separator}<hash>`;
    case 'count':
    case 'alpine':
      return `${separator}${meaning.word}${meaning.numbers.map((number) => (isSolidDate(String(number)) ? 'D' : '#')).join('.')}`;
    case 'stays':
      return separator + text;
  }
}

/**
 * Reads what follows the version in a tag, token by token. What a number in it means depends on the word it belongs to:
 *
 * - It **counts builds** of the same version, and a higher one is newer: straight after the version (`-3`, `_9`, `-3.4`),
 *   after a word known to count (`-ls213`, `-r10`, `-ce.0`, `-CU13`, `-k3s1`), and a date anywhere (`-20240501`).
 * - It is **Alpine's release** (`-alpine3.19`). Projects publish only the two or three newest, so who never left one
 *   would get no updates, without a word. It is taken as a version in itself: it may grow, never shrink, and by how
 *   much is for the rule to say (`patch` keeps it).
 * - Any other **belongs to what the container was built for** and stays as it is: `-pg16`, `-php8.2`, `-jdk17`,
 *   `-ubuntu22.04`, `-debian-12`, `-cuda12.1`. To move those may cost data or need other work, so a person does it.
 *
 * Words stay as they are. A commit's hash says nothing and may be any.
 */
export function readTagSuffix(text: string): TagSuffix {
  const suffix = {
    family: '',
    prerelease: null as Prerelease | null,
    counters: [] as number[],
    alpine: [] as number[],
  };
  let before = '';
  let counting = true;
  for (const [, separator = '', tokenText = ''] of text.matchAll(TOKEN)) {
    const token: Token = { separator, text: tokenText };
    const meaning = meaningOf(token, { before, counting, prerelease: suffix.prerelease });
    suffix.family += familyPart(token, meaning);
    if (meaning.kind === 'prerelease') suffix.prerelease = meaning.prerelease;
    if (meaning.kind === 'count') suffix.counters.push(...meaning.numbers);
    if (meaning.kind === 'alpine') suffix.alpine.push(...meaning.numbers);
    counting = meaning.kind === 'stays' || meaning.kind === 'alpine' ? COUNTING.has(tokenText.toLowerCase()) : true;
    before = tokenText;
  }
  return suffix;
}
