import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseTag, type TagChoice } from '../../../domain/tags/choose-tag.ts';
import { compareVersions } from '../../../domain/tags/compare-versions.ts';
import { compileLinearRegex, type LinearRegex } from '../../../domain/tags/linear-regex.ts';
import { parseTagRule, type TagRule } from '../../../domain/tags/tag-rule.ts';
import { isOrdered, readTag } from '../../../domain/tags/tag-version.ts';

function rule(text: string): TagRule {
  const parsed = parseTagRule(text, 'rule');
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.rule;
}

function pattern(text: string): LinearRegex {
  const compiled = compileLinearRegex(text, 'pattern');
  if (!compiled.ok) throw new Error(compiled.problem);
  return compiled.regex;
}

function choose(current: string, ruleText: string, tags: readonly string[], created?: Map<string, number>): TagChoice {
  const question = { current, rule: rule(ruleText), include: null, exclude: null, tags };
  return chooseTag(created === undefined ? question : { ...question, created });
}

describe('the choice says why', () => {
  it('with what it was chosen from and what was left out for which reason', () => {
    const tags = [
      '1.25.3',
      '1.25.4',
      '1.25.5',
      '1.24.0',
      '1.26.0',
      '1.25.6-rc1',
      'latest',
      '1.25.9-alpine',
      'no tag!',
      '1.25.7',
    ];
    expect(
      chooseTag({
        current: '1.25.3',
        rule: rule('semver:patch'),
        include: null,
        exclude: pattern('7$'),
        tags: [...tags, '1.25.4'],
      }),
    ).toEqual({
      candidate: '1.25.5',
      why: '1.25.5 is the newest of 2 tags that semver:patch allows after 1.25.3 (left out: 1 no valid tag, 1 kept out by include or exclude, 2 of another kind or variant, 1 not newer, 1 pre-releases, 1 beyond the rule).',
      leftOut: { invalid: 1, filtered: 1, otherFamily: 2, notNewer: 1, prerelease: 1, beyondRule: 1 },
    });
  });

  it.each([
    ['1.25.3', 'semver:patch', ['1.25.4'], '1.25.4 is the only tag that semver:patch allows after 1.25.3.'],
    ['1.25.3', 'semver:patch', ['1.25.3'], 'No tag is newer than 1.25.3 and allowed by semver:patch.'],
    [
      '1.25.3',
      'semver:^1',
      ['2.0.0'],
      'No tag is newer than 1.25.3 and allowed by semver:^1 (left out: 1 beyond the rule).',
    ],
    ['1.25.3', 'pinned', ['1.25.4'], '1.25.3 is pinned, so nothing is looked for.'],
    ['1.25.3', 'digest', [], 'The rule digest stays on 1.25.3 and looks for a new image under it.'],
    [
      'latest',
      'semver:minor',
      ['1.0'],
      'latest is a name that holds no version to compare, so semver:minor finds nothing newer; use the rule digest, or run the container on a tag with a version.',
    ],
    [
      'a1b2c3d',
      'semver:minor',
      ['1.0'],
      'a1b2c3d names a commit and holds no version to compare, so semver:minor finds nothing newer; use the rule digest, or run the container on a tag with a version.',
    ],
    [
      '1.4',
      'regex:^v',
      ['v1.5'],
      "1.4 is not matched by regex:^v, so it can't be told what is newer; correct the pattern, or move the container to a tag that it matches.",
    ],
    [
      '1.4',
      'regex:^1\\.(\\d)$',
      ['1.5', 'v1.5', '1.3'],
      '1.5 is the only tag that regex:^1\\.(\\d)$ allows after 1.4 (left out: 1 not matched by the pattern, 1 not newer).',
    ],
    [
      '1.4',
      'regex:^1\\.',
      ['1.5', '2.0'],
      '1.5 is the only tag that regex:^1\\. allows after 1.4 (left out: 1 not matched by the pattern).',
    ],
    [
      'a1b2c3d',
      'newest',
      ['b1b2c3d'],
      "When the image of a1b2c3d was created is not known, so newest can't tell what is newer.",
    ],
  ])('%s by %s', (current, ruleText, tags, why) => expect(choose(current, ruleText, tags).why).toBe(why));

  it('also by creation', () => {
    const created = new Map([
      ['a1b2c3d', 1],
      ['b1b2c3d', 3],
      ['c1b2c3d', 2],
      ['d1b2c3d', Number.NaN],
    ]);
    expect(choose('a1b2c3d', 'newest', [...created.keys(), 'e1b2c3d'], created)).toEqual({
      candidate: 'b1b2c3d',
      why: 'b1b2c3d is the newest of 2 tags that newest allows after a1b2c3d (left out: 2 without a known date).',
      leftOut: { undated: 2 },
    });
  });
});

describe('a pattern written to be costly', () => {
  const random = [...Array(10_000).keys()].map((index) => {
    const letters = [...Array(110).keys()].map((at) => ((index * 7919 + at * at * 31) % 7 < 3 ? 'a' : 'b'));
    return `${letters.join('')}${index}`;
  });

  it.each(['[ab]*a[ab]{60}[cd]', '(.{1,128}).{1,128}.{1,100}[cd]', '(?:.*a.{20}){10}[cd]'])(
    'is not run over ten thousand tags of full length: %s',
    (costly) => {
      const why = `The pattern ${costly} is too costly for the 10000 tags of this repository, so none was chosen; write it without large repetitions.`;
      const question = { current: '1.0', rule: rule('semver:minor'), include: null, exclude: null, tags: random };
      expect(chooseTag({ ...question, exclude: pattern(costly) }).why).toBe(why);
      expect(chooseTag({ ...question, include: pattern(costly) }).why).toBe(why);
      expect(chooseTag({ ...question, rule: rule(`regex:${costly}`) }).why).toBe(why);
      expect(chooseTag({ ...question, rule: rule('digest'), exclude: pattern(costly) }).candidate).toBe('1.0');
    },
  );

  it('while what people write runs over as many', () => {
    const tags = [...Array(10_000).keys()].map((index) => `RELEASE.2024-05-10T01-41-38Z.build.${index}`);
    const ruleText = String.raw`regex:^RELEASE\.(\d+)-(\d+)-(\d+)T(\d+)-(\d+)-(\d+)Z\.build\.(\d+)$`;
    const current = tags[0] ?? '';
    expect(choose(current, ruleText, tags).candidate).toBe('RELEASE.2024-05-10T01-41-38Z.build.9999');
  });
});

describe('of tags that are equal as versions', () => {
  it.each([
    ['24.03', ['24.4', '24.04', '24.004'], '24.004'],
    ['24.04', ['24.4'], null],
    ['1.40.1-a1b2c3d', ['1.40.2-f1b2c3d', '1.40.2-b1b2c3d'], '1.40.2-b1b2c3d'],
    ['1.40.1-a1b2c3d', ['1.40.1-f1b2c3d'], null],
  ])('on %s, of %j it is %j', (current, tags, expected) => {
    expect(choose(current, 'semver:major', tags).candidate).toBe(expected);
    expect(choose(current, 'semver:major', tags.toReversed()).candidate).toBe(expected);
  });
});

describe("Alpine's release under an image", () => {
  it.each([
    ['1.2.0-alpine3.20', 'semver:major', ['1.3.0-alpine3.19', '1.4.0-alpine'], null],
    ['1.2.0-alpine3.19', 'semver:minor', ['1.3.0-alpine3.19', '1.3.0-alpine3.20'], '1.3.0-alpine3.20'],
    ['1.2.0-alpine3.19', 'semver:patch', ['1.2.1-alpine3.19', '1.2.1-alpine3.20'], '1.2.1-alpine3.19'],
    ['1.2.0-alpine3.19', 'semver:minor', ['1.2.0-alpine3.20'], '1.2.0-alpine3.20'],
    ['1.2.0-alpine3.19', 'semver:minor', ['1.3.0-alpine4.0'], null],
    ['1.2.0-alpine3.19', 'semver:^1.2', ['1.3.0-alpine4.0', '1.3.0-alpine3.20'], '1.3.0-alpine3.20'],
    ['1.2.0-alpine3.19', 'semver:major', ['1.3.0-alpine4.0'], '1.3.0-alpine4.0'],
  ])('on %s by %s, of %j it is %j', (current, ruleText, tags, expected) => {
    expect(choose(current, ruleText, tags).candidate).toBe(expected);
  });
});

describe('a range', () => {
  it.each([
    ['1.9.0-rc1', '>=1.2.0 <2.0.0', ['2.0.0-rc1', '1.9.0-rc2'], '1.9.0-rc2'],
    ['1.9.0', '^1 || ^3', ['2.5.0', '3.1.0', '4.0.0'], '3.1.0'],
    // 1.26 may become 1.26.7 at any time.
    ['1.25', '<1.26.5', ['1.26'], null],
    ['1.25', '<1.27', ['1.26', '1.27'], '1.26'],
    ['1.25', '*', ['2.0'], '2.0'],
    ['20240101', '*', ['20240102'], '20240102'],
    ['20240101', '>=1', ['20240102'], null],
    ['4.0.4.1491', '4.0.4', ['4.0.4.1500', '4.0.5.1'], '4.0.4.1500'],
    ['1.2.3-rc1', '>=1.2.3-rc.1', ['1.2.3-rc2'], '1.2.3-rc2'],
  ])('on %s, %s takes from %j %j', (current, range, tags, expected) => {
    expect(choose(current, `semver:${range}`, tags).candidate).toBe(expected);
  });
});

describe('groups of a pattern', () => {
  it.each([
    ['1.9', '^(\\d+)\\.(\\d+)$', ['1.10', '1.9'], '1.10'],
    // From the first group to the last, not from left to right in the tag's worth.
    ['05-2024', '^(?:\\d+)-(\\d+)$', ['01-2025', '12-2024'], '01-2025'],
    ['1.9', '^(\\d+\\.\\d+)', ['1.10-x'], '1.10-x'],
    ['1.25', '^(\\d+)\\.(\\d+)(?:\\.(\\d+))?$', ['1.25.0', '1.24.9'], '1.25.0'],
    [`r${'9'.repeat(40)}`, '^r(\\d+)$', [`r1${'0'.repeat(40)}`], `r1${'0'.repeat(40)}`],
    ['1-a', '^(\\d+)-(a|b)$', ['2-b'], null],
    ['007', '^(\\d+)$', ['7', '07'], null],
    ['6', '^0*(\\d+)$', ['7', '07', '007'], '007'],
  ])('on %s, %s takes from %j %j', (current, regex, tags, expected) => {
    expect(choose(current, `regex:${regex}`, tags).candidate).toBe(expected);
  });
});

const PIECES = fc.constantFrom(
  ...[
    '1',
    '2',
    '1.2',
    '1.10',
    '1.2.3',
    '1.2.4',
    '1.3.0',
    '2.0.0',
    '1.2.3.4',
    '2024.5.1',
    '20240101',
    '20240202',
    '2024-05-01',
    'latest',
    'a1b2c3d',
    '0d1e2f3',
  ],
);
const AFFIXES = fc.constantFrom('', 'v', 'release-', 'main-a1b2c3d-', 'RELEASE.');
const SUFFIXES = fc.constantFrom(
  ...[
    '',
    '',
    '-alpine',
    '-alpine3.19',
    '-alpine3.20',
    '-rc1',
    '-rc.2',
    'b1',
    '-beta-2',
    '-ls12',
    '-ls13',
    '-pg15',
    '-pg16',
    '-3',
    '_9',
    '-a1b2c3d-ls1',
    '-slim-bookworm',
  ],
);
const TAG = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(AFFIXES, PIECES, SUFFIXES).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ maxLength: 140 }) },
);
const RULE = fc.constantFrom(
  ...[
    'digest',
    'pinned',
    'newest',
    'semver:patch',
    'semver:minor',
    'semver:major',
    'semver:^1',
    'semver:*',
    'semver:>=1.2 <2 || 2024.x',
    'regex:.',
    'regex:^v?1',
  ],
);

describe('whatever the tags are', () => {
  const created = (tags: readonly string[]): Map<string, number> =>
    new Map(
      tags.map((tag) => [tag, [...tag].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % 7]),
    );

  it('the choice is never older than the current, of another family or of no tag in the list', () => {
    fc.assert(
      fc.property(TAG, fc.array(TAG, { maxLength: 40 }), RULE, (current, tags, ruleText) => {
        const { candidate } = choose(current, ruleText, tags, created([current, ...tags]));
        if (candidate === null) return;
        if (ruleText === 'digest') return expect(candidate).toBe(current);
        expect(tags).toContain(candidate);
        const [before, after] = [readTag(current), readTag(candidate)];
        expect(after.family).toBe(before.family);
        if (!isOrdered(before) || !isOrdered(after)) return expect(ruleText).toBe('newest');
        const order = compareVersions(after, before);
        if (ruleText === 'newest') expect(order).toBeGreaterThanOrEqual(0);
        else expect(order).toBeGreaterThan(0);
        if (before.prerelease === null) expect(after.prerelease).toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  it('and by a pattern with groups never a lower number', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.array(fc.nat(300)), (now, numbers) => {
        const { candidate } = choose(
          `b-${now}`,
          'regex:^b-(\\d+)$',
          numbers.map((number) => `b-${number}`),
        );
        const highest = Math.max(now, ...numbers);
        expect(candidate).toBe(highest > now ? `b-${highest}` : null);
      }),
    );
  });

  it('it is the same in any order of the list, and with tags in it twice', () => {
    fc.assert(
      fc.property(
        TAG,
        fc.array(TAG, { maxLength: 30 }),
        RULE,
        fc.infiniteStream(fc.nat()),
        (current, tags, ruleText, random) => {
          const dates = created([current, ...tags]);
          const mixed = [...tags, ...tags.slice(0, 5)]
            .map((tag) => ({ tag, at: random.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ tag }) => tag);
          expect(choose(current, ruleText, mixed, dates)).toEqual(choose(current, ruleText, tags, dates));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('versions are in one order: of two one is the older, and that holds across a third', () => {
    const sameFamily = fc.tuple(AFFIXES, fc.constantFrom('-ls', '-alpine3.', '-rc')).chain(([affix, suffix]) => {
      const version = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2));
      return fc
        .tuple(version, version, version)
        .map((three) => three.map(([a, b, c]) => `${affix}${a}.${b}${suffix}${c}`));
    });
    fc.assert(
      fc.property(sameFamily, (tags) => {
        const [a, b, c] = tags.map(readTag);
        if (!a || !b || !c || !isOrdered(a) || !isOrdered(b) || !isOrdered(c)) throw new Error('three versions');
        expect(compareVersions(a, b)).toBe(-compareVersions(b, a) + 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
