import { cycleAround, type DeclaredContainer, declaredDependencies, orderByDependency } from './dependency-order.ts';

/** One of a batch, and those of the batch that have to end before its turn. */
export interface OrderedName {
  name: string;
  after: string[];
}

export interface BatchOrder {
  order: OrderedName[];
  /** The names round a circle that one of them is part of, or null. */
  cycle: string[] | null;
  /** All of them that are part of a circle. */
  circular: string[];
}

/**
 * Puts some of a host's containers into the order in which a batch updates them. A dependency counts also where it goes
 * through containers that are not in the batch.
 * @param names those to update; each must be among `containers`, which are all that the host has
 */
export function orderBatch(names: readonly string[], containers: readonly DeclaredContainer[]): BatchOrder {
  const wanted = new Set(names);
  const dependencies = new Map(
    containers.map((container) => [container.name, declaredDependencies(container, containers)] as const),
  );
  const reached = new Map([...wanted].map((name) => [name, reachedFrom(name, dependencies)] as const));
  const circular = [...wanted].filter((name) => reached.get(name)?.has(name));
  const asGiven = [
    ...[...wanted].flatMap((name) => containers.find((container) => container.name === name) ?? []),
    ...containers.filter(({ name }) => !wanted.has(name)),
  ];
  return {
    order: orderByDependency(asGiven)
      .order.filter((name) => wanted.has(name))
      .map((name) => ({ name, after: [...(reached.get(name) ?? [])].filter((other) => wanted.has(other)) })),
    cycle: circular[0] === undefined ? null : cycleAround(circular[0], containers),
    circular,
  };
}

function reachedFrom(name: string, dependencies: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const dependency of dependencies.get(next) ?? []) {
      if (reached.has(dependency)) continue;
      reached.add(dependency);
      open.push(dependency);
    }
  }
  return reached;
}
