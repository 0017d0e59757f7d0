import type { LabelledContainer } from './find-restarts.ts';
import { namedDependencies } from './named-dependencies.ts';

const PROJECT = 'com.docker.compose.project';
const SERVICE = 'com.docker.compose.service';
const COMPOSE_DEPENDS_ON = 'com.docker.compose.depends_on';

/** What a container says of itself. */
export type DeclaredContainer = Pick<LabelledContainer, 'name' | 'labels'>;

function firstParts(list: string | undefined): Set<string> {
  return new Set((list ?? '').split(',').flatMap((entry) => entry.trim().split(':')[0] || []));
}

/**
 * Names of the containers that one says it depends on: by Compose's `depends_on`, or by the label
 * `docker-auto.depends-on`, or Watchtower's where that is missing.
 */
export function declaredDependencies(container: DeclaredContainer, containers: readonly DeclaredContainer[]): string[] {
  const { labels } = container;
  const named = new Set(namedDependencies(labels).dependencies.map(({ name }) => name));
  const services = firstParts(labels[COMPOSE_DEPENDS_ON]);
  const isMeant = (other: DeclaredContainer) =>
    named.has(other.name) ||
    (labels[PROJECT] !== undefined &&
      labels[PROJECT] === other.labels[PROJECT] &&
      services.has(other.labels[SERVICE] ?? ''));
  return containers.filter((other) => other.name !== container.name && isMeant(other)).map(({ name }) => name);
}

/**
 * Puts containers into the order in which they are to be updated: each after all that it says it depends on. Where
 * nothing decides it, they stay as they were.
 * @returns the names in order, and the names round a circle (`a`, `b`, `a`) where there is no order
 */
export function orderByDependency(containers: readonly DeclaredContainer[]): {
  order: string[];
  cycle: string[] | null;
} {
  const dependencies = new Map(
    containers.map((container) => [container.name, declaredDependencies(container, containers)] as const),
  );
  const order = new Set<string>();
  let cycle: string[] | null = null;
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      cycle ??= [...path.slice(path.indexOf(name)), name];
      return;
    }
    if (order.has(name)) return;
    for (const dependency of dependencies.get(name) ?? []) visit(dependency, [...path, name]);
    order.add(name);
  };
  for (const { name } of containers) visit(name, []);
  return { order: [...order], cycle };
}

/** The circle of declared dependencies that a container is part of, or null. */
export function cycleAround(name: string, containers: readonly DeclaredContainer[]): string[] | null {
  const byName = new Map(containers.map((container) => [container.name, container]));
  const seen = new Set<string>();
  const search = (current: string, path: readonly string[]): string[] | null => {
    const container = byName.get(current);
    if (container === undefined) return null;
    for (const dependency of declaredDependencies(container, containers)) {
      if (dependency === name) return [...path, current, name];
      if (seen.has(dependency)) continue;
      seen.add(dependency);
      const found = search(dependency, [...path, current]);
      if (found !== null) return found;
    }
    return null;
  };
  return search(name, []);
}
