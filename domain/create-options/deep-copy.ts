/**
 * A copy that shares nothing with the original: an inspect result that is edited in place would corrupt the backup made
 * of it. For JSON values only (the workflow sandbox has no `structuredClone`).
 */
export function deepCopy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(deepCopy) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deepCopy(inner)])) as T;
}
