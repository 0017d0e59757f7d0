/** How one container hangs on another: it lives in that one's namespace, or has a legacy link to it. */
export type Bond = 'network' | 'ipc' | 'pid' | 'link';

/** What a container refers to, as its HostConfig has it: ids or names. */
export interface ContainerReferences {
  network: string | null;
  ipc: string | null;
  pid: string | null;
  /** Names of the containers it links to (default bridge only; elsewhere a link is an alias by name). */
  links: readonly string[];
}

export interface ReferringContainer {
  id: string;
  /** Without the engine's leading slash. */
  name: string;
  references: ContainerReferences;
}

export interface Dependent {
  id: string;
  name: string;
  bonds: Array<{ bond: Bond; of: string }>;
  /**
   * How long the longest chain of containers is that hang on it, 0 for none. It is the same whichever provider one comes
   * from, and a provider's is always greater than that of what hangs on it.
   */
  height: number;
}

export interface Dependents {
  /** Nearest first: each comes after every other one that it hangs on. */
  dependents: Dependent[];
  /** Names round a circle (`a`, `b`, `a`), or null. */
  cycle: string[] | null;
}

const ID_PREFIX = /^[a-f0-9]{12,64}$/;

function means(reference: string, container: { id: string; name: string }): boolean {
  return reference === container.name || (ID_PREFIX.test(reference) && container.id.startsWith(reference));
}

function bondsTo(references: ContainerReferences, provider: { id: string; name: string }): Dependent['bonds'] {
  const { network, ipc, pid, links } = references;
  const bonds: Array<[Bond, string | null]> = [
    ['network', network],
    ['ipc', ipc],
    ['pid', pid],
    ...links.map((link): [Bond, string] => ['link', link]),
  ];
  return bonds.flatMap(([bond, reference]) =>
    reference !== null && means(reference, provider) ? [{ bond, of: provider.name }] : [],
  );
}

/**
 * Finds all containers that must be made again when one is recreated, since they refer to it by id: those in its
 * network, IPC or PID namespace, those that link to it, and those that hang on these in turn.
 */
export function findDependents(
  provider: { id: string; name: string },
  containers: readonly ReferringContainer[],
): Dependents {
  const found: Dependent[] = [];
  let cycle: string[] | null = null;

  /** Walks depth first; a container is put in front of what hangs on it, so that the order is nearest first. */
  const visit = (of: { id: string; name: string }, path: string[]): void => {
    for (const container of containers) {
      if (bondsTo(container.references, of).length === 0) continue;
      if (path.includes(container.name)) {
        cycle ??= [...path.slice(path.indexOf(container.name)), container.name];
        continue;
      }
      if (found.some(({ id }) => id === container.id)) continue;
      visit(container, [...path, container.name]);
      found.unshift({ id: container.id, name: container.name, bonds: [], height: 0 });
    }
  };
  visit(provider, [provider.name]);

  const moved = [provider, ...found];
  const references = new Map(containers.map((container) => [container.id, container.references]));
  for (const dependent of found) {
    const own = references.get(dependent.id);
    if (own !== undefined) dependent.bonds = moved.flatMap((other) => bondsTo(own, other));
  }
  // The farthest first: nothing that hangs on it is left without its own height.
  for (const dependent of found.toReversed()) {
    const upon = found.filter(({ bonds }) => bonds.some(({ of }) => of === dependent.name));
    dependent.height = Math.max(0, ...upon.map(({ height }) => height + 1));
  }
  return { dependents: found, cycle };
}

const SHARED: Readonly<Record<Bond, string>> = {
  network: 'uses the network of',
  ipc: 'shares the IPC namespace of',
  pid: 'shares the process namespace of',
  link: 'links to',
};

/** Why a container hangs on others, such as `uses the network of vpn`. */
export function describeBonds({ bonds }: Dependent): string {
  return bonds.map(({ bond, of }) => `${SHARED[bond]} ${of}`).join(' and ');
}

/** Whether it must be stopped before those that it hangs on: a namespace dies with its provider, a link doesn't. */
export function mustStopFirst({ bonds }: Dependent): boolean {
  return bonds.some(({ bond }) => bond !== 'link');
}
