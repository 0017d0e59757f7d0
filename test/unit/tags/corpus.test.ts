import { describe, expect, it } from '@jest/globals';
import { chooseTag } from '../../../domain/tags/choose-tag.ts';
import { compileLinearRegex, type LinearRegex } from '../../../domain/tags/linear-regex.ts';
import { parseTagRule } from '../../../domain/tags/tag-rule.ts';
import { APPLICATIONS } from '../../corpus/tags/applications.ts';
import { DATABASES } from '../../corpus/tags/databases.ts';
import { DATES_AND_COMMITS } from '../../corpus/tags/dates-and-commits.ts';
import { HOME } from '../../corpus/tags/home.ts';
import { LANGUAGES } from '../../corpus/tags/languages.ts';
import { LINUXSERVER } from '../../corpus/tags/linuxserver.ts';
import { OPERATING_SYSTEMS } from '../../corpus/tags/operating-systems.ts';
import { OPERATIONS } from '../../corpus/tags/operations.ts';
import { WEB_SERVERS } from '../../corpus/tags/web-servers.ts';

const CASES = [
  ...WEB_SERVERS,
  ...DATABASES,
  ...LANGUAGES,
  ...OPERATING_SYSTEMS,
  ...OPERATIONS,
  ...APPLICATIONS,
  ...HOME,
  ...LINUXSERVER,
  ...DATES_AND_COMMITS,
];

function pattern(text: string | undefined): LinearRegex | null {
  if (text === undefined) return null;
  const compiled = compileLinearRegex(text, 'a pattern of the corpus');
  if (!compiled.ok) throw new Error(compiled.problem);
  return compiled.regex;
}

describe('what popular images publish', () => {
  it('is at least 300 cases, each with a name of its own', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(300);
    expect(CASES.map(({ name }) => name).filter((name, index, all) => all.indexOf(name) !== index)).toEqual([]);
  });

  it('holds the current and the expected tag of every case', () => {
    const amiss = CASES.filter(({ current, expected, tags }) => {
      return !tags.includes(current) || (expected !== null && !tags.includes(expected));
    });
    expect(amiss.map(({ name }) => name)).toEqual([]);
  });

  it.each(CASES.map((tagCase) => [tagCase.name, tagCase] as const))('%s', (_, tagCase) => {
    const parsed = parseTagRule(tagCase.rule, 'rule');
    if (!parsed.ok) throw new Error(parsed.problem);
    const { candidate, why } = chooseTag({
      current: tagCase.current,
      rule: parsed.rule,
      include: pattern(tagCase.include),
      exclude: pattern(tagCase.exclude),
      tags: tagCase.tags,
      ...(tagCase.created === undefined ? {} : { created: new Map(Object.entries(tagCase.created)) }),
    });
    expect({ candidate, why }).toEqual({ candidate: tagCase.expected, why: expect.stringMatching(/\S.*\.$/) });
  });
});
