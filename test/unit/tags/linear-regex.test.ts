import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileLinearRegex, type LinearRegex } from '../../../domain/tags/linear-regex.ts';

function compiled(pattern: string): LinearRegex {
  const result = compileLinearRegex(pattern, 'the include pattern');
  if (!result.ok) throw new Error(result.problem);
  return result.regex;
}

function problemOf(pattern: string): string | null {
  const result = compileLinearRegex(pattern, 'the include pattern');
  return result.ok ? null : result.problem;
}

describe("a user's pattern", () => {
  it.each([
    ['1\\.2', '11.25', true],
    ['^1\\.2', '11.25', false],
    ['alpine', '3.19-alpine-slim', true],
    ['^v\\d+\\.\\d+$', 'v1.25', true],
    ['^v\\d+\\.\\d+$', 'v1.25.3', false],
    ['(?i)ALPINE', '3.19-alpine', true],
    ['ALPINE', '3.19-alpine', false],
    ['^(?:1|2)\\.[0-9]{1,2}$', '2.10', true],
    ['\\bslim\\b', '12-slim-x', true],
    ['\\/|\\-', 'a-b', true],
  ])('%j on %j finds a match anywhere unless it is anchored: %j', (pattern, text, expected) => {
    expect(compiled(pattern).test(text)).toBe(expected);
    expect(new RegExp(pattern.replace('(?i)', ''), pattern.startsWith('(?i)') ? 'i' : '').test(text)).toBe(expected);
  });

  it('gives what its groups captured, null for one that took no part', () => {
    expect(compiled('^(\\d+)\\.(\\d+)(?:\\.(\\d+))?').groups('1.25-x')).toEqual(['1', '25', null]);
    expect(compiled('(?<a>\\d+)-(?P<b>\\w+)').groups('x 1-y')).toEqual(['1', 'y']);
    expect(compiled('^x').groups('y')).toBeNull();
    expect(compiled('y').groups('xyz')).toEqual([]);
  });

  it.each([
    '(a+)+$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(a|aa)+$',
    '(a|a?)+$',
    '^(a?){64}a{64}$',
    '([a-zA-Z]+)*$',
    '(.*a){20}$',
    '^(\\d+|\\w+)*!$',
    '(x+x+)+y',
  ])('%s ends at once on thousands of tags of full length', (pattern) => {
    const regex = compiled(pattern);
    // A backtracking engine takes longer than the universe has lasted for any one of these, so that this ends is the proof.
    for (let index = 0; index < 2000; index += 1) {
      const tag = `${'a'.repeat(60)}${'x'.repeat(60)}${index}!`;
      regex.test(tag);
      if (index % 20 === 0) regex.groups(tag);
    }
    expect(regex.test('')).toBe(new RegExp(pattern).test(''));
  });

  it.each([
    ['(?=a)b', 'looks ahead or behind'],
    ['^(?!.*rc)', 'looks ahead or behind'],
    ['(?<=v)1', 'looks ahead or behind'],
    ['(?<!v)1', 'looks ahead or behind'],
    ['(a)\\1', 'refers back to a group'],
    ['(?<x>a)\\k<x>', 'refers back to a group'],
    ['a++', 'has an atomic group or a possessive quantifier'],
    ['(?>a)b', 'has an atomic group or a possessive quantifier'],
    ['\\u0041', 'has an escape that this engine does not know'],
  ])('%s is refused plainly, since it needs backtracking', (pattern, what) => {
    expect(problemOf(pattern)).toContain(`"${pattern}" as the include pattern ${what}`);
    expect(problemOf(pattern)).toMatch(/is therefore not supported; \S.*\.$/);
  });

  it.each([
    ['', 'is empty'],
    ['(', 'missing closing )'],
    ['[z-a]', 'invalid character class range'],
    ['*', 'missing argument to repetition operator'],
    ['a'.repeat(501), 'is 501 characters long; write it in at most 500'],
    ['a{129}', 'repeats 129 times'],
    ['a{2,99999}', 'repeats 99999 times'],
    ['(((a{1,9}){1,9}){1,9}){1,9}', 'invalid repeat count'],
    ['a{1,120}'.repeat(60), 'grows too large by its repetitions'],
  ])('%s is refused with the reason', (pattern, reason) => {
    expect(problemOf(pattern)).toContain(reason);
  });

  it('costs little however it is written within the limits', () => {
    const patterns = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.stringMatching(/^(?:\(?[a-c.*+?|{}0-9,[\]^$\\)]){0,40}$/),
    );
    fc.assert(
      fc.property(patterns, fc.string({ maxLength: 128 }), (pattern, text) => {
        const result = compileLinearRegex(pattern, 'the include pattern');
        if (!result.ok) return expect(result.problem).toMatch(/\.$/);
        const groups = result.regex.groups(text);
        expect(result.regex.test(text)).toBe(groups !== null);
      }),
    );
  });
});
