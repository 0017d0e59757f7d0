import type { LinearRegex } from './linear-regex.ts';

/** What is longer is no tag, and no pattern sees it. */
const LONGEST_TAG = 128;

/** Some seconds of a slow processor; what people write for what registries hold takes less than a hundredth of it. */
const MOST_STEPS = 30_000_000;

/**
 * Linear time is still long where a pattern written to be costly meets a repository of ten thousand long tags, and the program
 * does nothing else meanwhile. Tells which pattern is too costly for the tags, as one sentence; null where none is.
 */
export function tooCostly(patterns: readonly (LinearRegex | null)[], tags: readonly string[]): string | null {
  const characters = tags.reduce((sum, tag) => sum + Math.min(tag.length, LONGEST_TAG), 0);
  const costly = patterns.find((pattern) => pattern !== null && pattern.size * characters > MOST_STEPS);
  if (!costly) return null;
  return `The pattern ${costly.source} is too costly for the ${tags.length} tags of this repository, so none was chosen; write it without large repetitions.`;
}
