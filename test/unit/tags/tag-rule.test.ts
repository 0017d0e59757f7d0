import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseTagRule } from '../../../domain/tags/tag-rule.ts';

const WHERE = 'Label docker-auto.tag-rule';

describe('a tag rule', () => {
  it.each([
    ['digest', 'digest'],
    [' Digest ', 'digest'],
    ['newest', 'newest'],
    ['PINNED', 'pinned'],
    ['semver:patch', 'level patch'],
    ['semver: Minor', 'level minor'],
    ['SemVer:major', 'level major'],
    ['semver:^1.25', 'range ^1.25'],
    ['semver:>=1.2 <2', 'range >=1.2 <2'],
    ['semver:1.x || 3.x', 'range 1.x || 3.x'],
    ['semver:*', 'range *'],
    ['regex:^v(\\d+)$', 'regex ^v(\\d+)$'],
    // Only the first colon divides: a pattern may hold more.
    ['regex:a:b', 'regex a:b'],
  ])('reads %j as %s', (text, expected) => {
    const parsed = parseTagRule(text, WHERE);
    if (!parsed.ok) throw new Error(parsed.problem);
    const { rule } = parsed;
    const details = {
      digest: '',
      newest: '',
      pinned: '',
      level: rule.kind === 'level' ? ` ${rule.level}` : '',
      range: rule.kind === 'range' ? ` ${rule.range.source}` : '',
      regex: rule.kind === 'regex' ? ` ${rule.regex.source}` : '',
    };
    expect(rule.kind + details[rule.kind]).toBe(expected);
  });

  it.each([
    [
      '',
      'is no tag rule; write digest, semver:patch, semver:minor, semver:major, semver:<range>, regex:<pattern>, newest or pinned.',
    ],
    [
      'latest',
      'is no tag rule; write digest, semver:patch, semver:minor, semver:major, semver:<range>, regex:<pattern>, newest or pinned.',
    ],
    [
      'semver',
      'does not say which versions; write semver:patch, semver:minor, semver:major or a range such as semver:^1.25.',
    ],
    [
      'semver: ',
      'does not say which versions; write semver:patch, semver:minor, semver:major or a range such as semver:^1.25.',
    ],
    [
      'semver:newest',
      'has no range of versions after semver:; write patch, minor, major or a range such as ^1.25 or >=1.2 <2.',
    ],
    [
      `semver:${'1'.repeat(300)}`,
      `has no range of versions after semver:; write patch, minor, major or a range such as ^1.25 or >=1.2 <2.`,
    ],
    ['digest:sha256', 'has something after digest, which takes nothing; write digest alone.'],
    ['pinned:', 'has something after pinned, which takes nothing; write pinned alone.'],
    [
      'regex:',
      'can\'t be used: "" as the pattern of the regex rule is empty; write a regular expression, or leave it out.',
    ],
    [
      'regex:(',
      `can't be used: "(" as the pattern of the regex rule is no regular expression in RE2's syntax (missing closing ): \`(\`); correct it.`,
    ],
  ])('says what is wrong with %j and what to write', (text, problem) => {
    const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    expect(parseTagRule(text, WHERE)).toEqual({ ok: false, problem: `${WHERE}="${shown}" ${problem}` });
  });

  it('is read or refused, never an exception, whatever the text', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.constantFrom('semver:', 'regex:', 'digest', 'newest:'), fc.string({ maxLength: 600 }))
        .map(([a, b]) => a + b),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseTagRule(text, WHERE);
        if (!parsed.ok) expect(parsed.problem).toMatch(/^Label docker-auto\.tag-rule="[\s\S]*\.$/);
      }),
    );
  });
});
