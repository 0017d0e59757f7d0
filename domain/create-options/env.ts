/** Name of a variable in an entry such as `PATH=/bin`; an entry without `=` only takes the image's variable away. */
export function variableName(entry: string): string {
  const equals = entry.indexOf('=');
  return equals === -1 ? entry : entry.slice(0, equals);
}

/**
 * The variables that the user set: all but those that stand exactly as the old image has them. One that the user set to
 * the image's own value can't be told apart and follows the image. A name that occurs more than once was repeated by the
 * user, whose last entry wins, so all its entries stay.
 * @returns entries in their order, null when there are none
 */
export function keepUserEnv(
  containerEnv: readonly string[] | null | undefined,
  oldImageEnv: readonly string[] | null | undefined,
): string[] | null {
  const entries = containerEnv ?? [];
  const defaults = new Set(oldImageEnv ?? []);
  const occurrences = new Map<string, number>();
  for (const entry of entries) occurrences.set(variableName(entry), (occurrences.get(variableName(entry)) ?? 0) + 1);
  const kept = entries.filter((entry) => !defaults.has(entry) || (occurrences.get(variableName(entry)) ?? 0) > 1);
  return kept.length === 0 ? null : kept;
}
