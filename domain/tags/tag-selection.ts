import { compileLinearRegex, type LinearRegex } from './linear-regex.ts';
import { parseTagRule, type TagRule } from './tag-rule.ts';

/** How a container's next tag is chosen, as it was written. */
export interface TagSelection {
  /** See `parseTagRule`. */
  rule: string;
  /** Where the rule was written: a label's full name, `api` or `default`. */
  ruleOrigin: string;
  include: string | null;
  exclude: string | null;
}

export type ReadTagSelection =
  | { ok: true; rule: TagRule; include: LinearRegex | null; exclude: LinearRegex | null }
  | { ok: false; problem: string };

/** Reads all three. Never throws; `problem` is one sentence that says what is wrong and what to do. */
export function readTagSelection({ rule, ruleOrigin, include, exclude }: TagSelection): ReadTagSelection {
  const parsed = parseTagRule(rule, `The tag rule (${ruleOrigin})`);
  if (!parsed.ok) return parsed;
  const patterns = { include, exclude };
  const compiled: Record<'include' | 'exclude', LinearRegex | null> = { include: null, exclude: null };
  // Other tools' patterns may be none of ours, which is nobody's concern where no tags are chosen.
  if (parsed.rule.kind === 'digest' || parsed.rule.kind === 'pinned')
    return { ok: true, rule: parsed.rule, ...compiled };
  for (const which of ['include', 'exclude'] as const) {
    const text = patterns[which];
    if (text === null) continue;
    const regex = compileLinearRegex(text, `the ${which} pattern`);
    if (!regex.ok) return regex;
    compiled[which] = regex.regex;
  }
  return { ok: true, rule: parsed.rule, ...compiled };
}
