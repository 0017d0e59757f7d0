/** Whether a list says the same as another one, where null, absent and empty are one. Order counts. */
export function sameList(
  one: readonly string[] | null | undefined,
  other: readonly string[] | null | undefined,
): boolean {
  const left = one ?? [];
  const right = other ?? [];
  return left.length === right.length && left.every((entry, index) => entry === right[index]);
}

/** Whether a list has no entry, absent counting as none. */
export function isEmptyList(list: readonly unknown[] | null | undefined): boolean {
  return list === null || list === undefined || list.length === 0;
}
