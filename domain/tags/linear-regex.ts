import { RE2JS } from 're2js';

/** A user's pattern, compiled. Matching takes time linear in the text, whatever the pattern. */
export interface LinearRegex {
  /** As it was written. */
  source: string;
  /** How many instructions it was compiled to: what a character may cost at most. */
  size: number;
  /** Whether it matches anywhere in the text, as `RegExp.test` and Go's `MatchString` do; anchors are the user's. */
  test(text: string): boolean;
  /** What the groups captured in the leftmost match, first group first, null for one that took no part; null for no match. */
  groups(text: string): (string | null)[] | null;
}

export type CompiledRegex = { ok: true; regex: LinearRegex } | { ok: false; problem: string };

const LONGEST_PATTERN = 500;
const LONGEST_TAG = 128;
const MOST_INSTRUCTIONS = 1000;

const SHOWN = 80;

/** What people bring along from backtracking engines. Tells the sentence only; whether it is refused, the engine decides. */
const UNSUPPORTED: readonly { in: RegExp; what: string; advice: string }[] = [
  {
    in: /\(\?<?[=!]/,
    what: 'looks ahead or behind, as in (?=…), (?!…), (?<=…) or (?<!…)',
    advice: 'write what is wanted in the include pattern and what is not in the exclude pattern',
  },
  { in: /\\[1-9]|\\k</, what: 'refers back to a group, as \\1 does', advice: 'write out what may be repeated' },
  {
    in: /\(\?>|[*+?}]\+/,
    what: 'has an atomic group or a possessive quantifier',
    advice: 'leave it out; nothing backtracks',
  },
  {
    in: /\\u|\\c/,
    what: 'has an escape that this engine does not know',
    advice: 'write the character itself, or \\x{…}',
  },
];

/** Tags are at most 128 characters long, and large counts are what makes a short pattern costly. */
function largestRepetition(pattern: string): number {
  const counts = [...pattern.matchAll(/\{(\d*)(?:,(\d*))?\}/g)].flatMap(([, from, to]) => [
    Number(from),
    Number(to ?? 0),
  ]);
  return Math.max(0, ...counts);
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^error parsing regexp: /, '');
}

/**
 * Compiles a pattern written by a user, in RE2's syntax, for a linear-time engine: none can stop the program. Never throws;
 * `problem` is one sentence that says what is wrong with it and what to do.
 * @param where what the pattern was written for, such as `the include pattern`
 */
export function compileLinearRegex(pattern: string, where: string): CompiledRegex {
  const shown = pattern.length > SHOWN ? `${pattern.slice(0, SHOWN)}…` : pattern;
  const bad = (problem: string): CompiledRegex => ({ ok: false, problem: `"${shown}" as ${where} ${problem}.` });

  if (pattern === '') return bad('is empty; write a regular expression, or leave it out');
  if (pattern.length > LONGEST_PATTERN)
    return bad(`is ${pattern.length} characters long; write it in at most ${LONGEST_PATTERN}`);
  const repetition = largestRepetition(pattern);
  if (repetition > LONGEST_TAG)
    return bad(
      `repeats ${repetition} times; a tag has at most ${LONGEST_TAG} characters, so write at most {${LONGEST_TAG}}`,
    );

  try {
    const compiled = RE2JS.compile(pattern);
    const size = compiled.programSize();
    if (size > MOST_INSTRUCTIONS)
      return bad('grows too large by its repetitions; write smaller counts, or * and + for them');
    return {
      ok: true,
      regex: {
        source: pattern,
        size,
        test: (text) => compiled.test(text),
        groups: (text) => {
          const match = compiled.exec(text);
          return match === null ? null : Array.from(match.slice(1), (group) => group ?? null);
        },
      },
    };
  } catch (error) {
    const known = UNSUPPORTED.find((construct) => construct.in.test(pattern));
    if (known !== undefined)
      return bad(`${known.what}, which can't be done in linear time and is therefore not supported; ${known.advice}`);
    return bad(`is no regular expression in RE2's syntax (${reasonOf(error)}); correct it`);
  }
}
