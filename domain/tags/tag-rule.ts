import { compileLinearRegex, type LinearRegex } from './linear-regex.ts';
import { parseVersionRange, type VersionRange } from './semver-range.ts';

const LEVELS = ['patch', 'minor', 'major'] as const;
/** The most significant part of a version that may change. */
export type VersionLevel = (typeof LEVELS)[number];

/** By which rule a container's next tag is chosen. */
export type TagRule =
  | { kind: 'digest' }
  | { kind: 'level'; level: VersionLevel }
  | { kind: 'range'; range: VersionRange }
  | { kind: 'regex'; regex: LinearRegex }
  | { kind: 'newest' }
  | { kind: 'pinned' };

export type ParsedTagRule = { ok: true; rule: TagRule } | { ok: false; problem: string };

const ALLOWED = 'digest, semver:patch, semver:minor, semver:major, semver:<range>, regex:<pattern>, newest or pinned';

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/**
 * Reads a tag rule: `digest`, `semver:patch|minor|major`, `semver:<range>` in npm's syntax, `regex:<pattern>` in RE2's,
 * `newest` or `pinned`. The word before the colon may be in any case. Never throws.
 * @param where what the rule was written in, such as `Label docker-auto.tag-rule`; the problem begins with it
 */
export function parseTagRule(text: string, where: string): ParsedTagRule {
  const bad = (problem: string): ParsedTagRule => ({ ok: false, problem: `${where}="${shorten(text)}" ${problem}.` });
  const good = (rule: TagRule): ParsedTagRule => ({ ok: true, rule });

  const trimmed = text.trim();
  const colon = trimmed.indexOf(':');
  const name = (colon === -1 ? trimmed : trimmed.slice(0, colon)).trim().toLowerCase();
  const rest = colon === -1 ? null : trimmed.slice(colon + 1).trim();

  if (name === 'semver') {
    if (rest === null || rest === '')
      return bad(
        'does not say which versions; write semver:patch, semver:minor, semver:major or a range such as semver:^1.25',
      );
    const level = LEVELS.find((known) => known === rest.toLowerCase());
    if (level !== undefined) return good({ kind: 'level', level });
    const range = parseVersionRange(rest);
    if (range !== null) return good({ kind: 'range', range });
    return bad(
      `has no range of versions after semver:; write patch, minor, major or a range such as ^1.25 or >=1.2 <2`,
    );
  }
  if (name === 'regex') {
    const compiled = compileLinearRegex(rest ?? '', 'the pattern of the regex rule');
    return compiled.ok
      ? good({ kind: 'regex', regex: compiled.regex })
      : bad(`can't be used: ${compiled.problem.slice(0, -1)}`);
  }
  if (name === 'digest' || name === 'newest' || name === 'pinned') {
    if (rest === null) return good({ kind: name });
    return bad(`has something after ${name}, which takes nothing; write ${name} alone`);
  }
  return bad(`is no tag rule; write ${ALLOWED}`);
}
