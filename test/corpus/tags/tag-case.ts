/** One container and what its repository publishes, with what its owner would want. */
export interface TagCase {
  name: string;
  current: string;
  rule: string;
  include?: string;
  exclude?: string;
  tags: string[];
  /** When each tag's image was created, in milliseconds since 1970, for the rule `newest`. */
  created?: Record<string, number>;
  expected: string | null;
}

type Row = readonly [
  current: string,
  rule: string,
  expected: string | null,
  filters?: { include?: string; exclude?: string },
];

/**
 * Cases of one image that share a list of tags.
 * @param published the tags, separated by blanks; after an `@` the time at which the tag's image was created
 */
export function casesOf(image: string, published: string, rows: readonly Row[]): TagCase[] {
  const entries = published
    .trim()
    .split(/\s+/)
    .map((entry) => entry.split('@'));
  const tags = entries.map(([tag = '']) => tag);
  const dated = entries.flatMap(([tag = '', at]) => (at === undefined ? [] : [[tag, Date.parse(at)] as const]));
  return rows.map(([current, rule, expected, filters = {}]) => {
    const filtered = Object.entries(filters).map(([kind, pattern]) => `, ${kind} ${pattern}`);
    return {
      name: `${image}:${current} by ${rule}${filtered.join('')}`,
      ...{ current, rule, ...filters, tags, expected },
      ...(dated.length === 0 ? {} : { created: Object.fromEntries(dated) }),
    };
  });
}
