/** The labels that the user (or Compose) set: all but those that stand exactly as the old image has them. */
export function keepUserLabels(
  containerLabels: Readonly<Record<string, string>> | null | undefined,
  oldImageLabels: Readonly<Record<string, string>> | null | undefined,
): Record<string, string> {
  const defaults = new Map(Object.entries(oldImageLabels ?? {}));
  return Object.fromEntries(
    Object.entries(containerLabels ?? {}).filter(([key, value]) => defaults.get(key) !== value),
  );
}
