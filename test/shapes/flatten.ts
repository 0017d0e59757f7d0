/** An inspect as lines, path → value. Nothing is left out and nothing is taken for the same as something else. */
export type Lines = ReadonlyMap<string, string>;

/** Every leaf of a JSON value by its path. Empty lists, empty objects and null are leaves of their own. */
export function flatten(value: unknown, path = ''): Map<string, string> {
  const isBranch = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (!isBranch) return new Map([[path, typeof value === 'string' ? value : JSON.stringify(value)]]);
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [...flatten(inner, path === '' ? key : `${path}.${key}`)]),
  );
}

export interface Change {
  path: string;
  /** Null where there is no such line. */
  before: string | null;
  after: string | null;
}

/** Every path whose line isn't the same in both. */
export function changes(before: Lines, after: Lines): Change[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    const change = { path, before: before.get(path) ?? null, after: after.get(path) ?? null };
    return change.before === change.after ? [] : [change];
  });
}
