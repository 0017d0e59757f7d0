type Labels = Readonly<Record<string, string>>;

export const DEPENDS_ON = 'docker-auto.depends-on';
export const WATCHTOWER_DEPENDS_ON = 'com.centurylinklabs.watchtower.depends-on';

/** A container that another one names as what it depends on. */
export interface NamedDependency {
  /** Without the engine's leading slash. */
  name: string;
  /** Whether it is to be restarted after that one was replaced. */
  restart: boolean;
}

function entriesOf(list: string): string[] {
  return list.split(',').flatMap((entry) => entry.trim().replace(/^\//, '') || []);
}

/** Reads `db,cache:restart`: names of containers, each with what to do. */
export function parseDependsOn(list: string): NamedDependency[] {
  return entriesOf(list).flatMap((entry) => {
    const [name = '', wish] = entry.split(':').map((part) => part.trim());
    return name === '' ? [] : [{ name, restart: wish === 'restart' }];
  });
}

/** Reads `db,/cache`. Whatever Watchtower's label names is restarted with what it depends on. */
export function parseWatchtowerDependsOn(list: string): NamedDependency[] {
  return entriesOf(list).map((name) => ({ name, restart: true }));
}

/** The containers that one names in its labels, and in which; our own label replaces Watchtower's, also where it is empty. */
export function namedDependencies(labels: Labels): { dependencies: NamedDependency[]; origin: string | null } {
  const own = labels[DEPENDS_ON];
  if (own !== undefined) return { dependencies: parseDependsOn(own), origin: DEPENDS_ON };
  const watchtowers = labels[WATCHTOWER_DEPENDS_ON];
  if (watchtowers !== undefined)
    return { dependencies: parseWatchtowerDependsOn(watchtowers), origin: WATCHTOWER_DEPENDS_ON };
  return { dependencies: [], origin: null };
}
