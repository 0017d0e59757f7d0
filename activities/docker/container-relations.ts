import { cycleAround } from '../../domain/dependents/dependency-order.ts';
import {
  type ContainerReferences,
  type Dependent,
  describeBonds,
  findDependents,
  mustStopFirst,
} from '../../domain/dependents/find-dependents.ts';
import { findRestarts, type WantedRestart } from '../../domain/dependents/find-restarts.ts';
import type { ContainerInspect, RestartPolicy } from '../../domain/engine-types.ts';
import { policyFromLabels } from '../../domain/policy/policy-from-labels.ts';
import type { WritableLayerPolicy } from '../../domain/policy/policy-settings.ts';
import { type OwnSurroundings, protectedAs } from '../../domain/protected.ts';
import type { WritableLayer } from '../../domain/writable-layer/judge-layer.ts';
import type { ContainerSummary, Engine } from './engine/engine.ts';
import { listedName } from './swap.ts';
import { askForChanges, observeLayer } from './writable-layer/observe-layer.ts';

/** A container that must be made again with the one that is updated, since it refers to it by id. */
export interface DependentFacts {
  containerId: string;
  name: string;
  /** Such as `uses the network of vpn`. */
  why: string;
  /** See `Dependent`; an answer of an earlier version has none. */
  height?: number;
  /** Stopped before its provider, since it lives in that one's namespace. */
  stopsFirst: boolean;
  imageId: string;
  /** As in its `Config.Image`. */
  imageReference: string;
  running: boolean;
  paused: boolean;
  unhealthy: boolean;
  autoRemove: boolean;
  /** Seconds, from its label; null reckons it from its health check. */
  healthDeadlineSeconds: number | null;
  restartPolicy: RestartPolicy;
  /** Its label's, or `carry`: nobody asked to change it, and on its own image its layer fits. */
  writableLayerPolicy: WritableLayerPolicy;
  /** What it holds outside its mounts. */
  writableLayer: WritableLayer;
  /** Why it may not be touched, or null. */
  protectedAs: string | null;
}

export interface ContainerRelations {
  /** Nearest first. */
  dependents: DependentFacts[];
  /** Names round a circle of namespaces, links or declared dependencies that it is part of, or null. */
  dependencyCycle: string[] | null;
  /** Containers that want a restart afterwards. */
  restarts: WantedRestart[];
}

/** Asked at once at most; a host with hundreds of containers is asked for all of them the first time. */
const AT_ONCE = 16;
const DEFAULT_BRIDGE = new Set(['', 'default', 'bridge']);

function referencesOf({ HostConfig: host }: ContainerInspect): ContainerReferences {
  const container = (mode: string | undefined) =>
    mode?.startsWith('container:') ? mode.slice('container:'.length) : null;
  // In other networks a link is an alias that follows the name by itself.
  const links = DEFAULT_BRIDGE.has(host.NetworkMode ?? '') ? (host.Links ?? []) : [];
  return {
    network: container(host.NetworkMode),
    ipc: container(host.IpcMode),
    pid: container(host.PidMode),
    links: links.map((link) => (link.split(':')[0] ?? '').replace(/^\//, '')),
  };
}

/**
 * Knows which containers refer to which. The engine tells that only in a container's own inspect, and it can't change
 * while the container lives, so each is asked for once; links are an exception, since they follow a rename.
 */
export class KnownReferences {
  readonly #known = new Map<string, ContainerReferences>();

  /** References of the containers listed, those that vanished meanwhile left out. */
  async of(engine: Engine, containers: readonly ContainerSummary[]): Promise<Map<string, ContainerReferences>> {
    const ids = new Set(containers.map(({ Id }) => Id));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
    const unknown = [...ids].filter((id) => (this.#known.get(id)?.links.length ?? 1) > 0);
    for (let start = 0; start < unknown.length; start += AT_ONCE) {
      const asked = await Promise.all(unknown.slice(start, start + AT_ONCE).map((id) => engine.inspectContainer(id)));
      for (const container of asked) if (container !== null) this.#known.set(container.Id, referencesOf(container));
    }
    return new Map(this.#known);
  }
}

async function dependentFacts(
  engine: Engine,
  container: ContainerInspect,
  dependent: Dependent,
): Promise<Omit<DependentFacts, 'protectedAs'>> {
  const policy = policyFromLabels(container.Config.Labels ?? {}, 'manual');
  return {
    containerId: container.Id,
    name: dependent.name,
    why: describeBonds(dependent),
    height: dependent.height,
    stopsFirst: mustStopFirst(dependent),
    imageId: container.Image,
    imageReference: container.Config.Image ?? container.Image,
    running: container.State.Running || container.State.Restarting,
    paused: container.State.Paused,
    unhealthy: container.State.Restarting || container.State.Health?.Status === 'unhealthy',
    autoRemove: container.HostConfig.AutoRemove === true,
    restartPolicy: container.HostConfig.RestartPolicy ?? { Name: 'no' },
    healthDeadlineSeconds: policy.healthDeadlineSeconds,
    writableLayerPolicy: policy.writableLayer ?? 'carry',
    writableLayer: await observeLayer(engine, container, askForChanges(engine, container.Id)),
  };
}

/** What this program itself lives on is not restarted either, whatever its Compose file says. */
async function withoutProtected(
  engine: Engine,
  own: OwnSurroundings,
  restarts: readonly WantedRestart[],
): Promise<WantedRestart[]> {
  const kept = await Promise.all(
    restarts.map(async (restart) => {
      const container = await engine.inspectContainer(restart.id);
      return container === null || protectedAs(container, own) !== null ? [] : [restart];
    }),
  );
  return kept.flat();
}

/** Which containers hang on one, and what is to become of them when it is replaced. */
export async function relationsOf(
  { engine, known, own }: { engine: Engine; known: KnownReferences; own: OwnSurroundings },
  container: ContainerInspect,
  containers: readonly ContainerSummary[],
): Promise<ContainerRelations> {
  const references = await known.of(engine, containers);
  const referring = containers.flatMap((summary) => {
    const own = references.get(summary.Id);
    return own === undefined ? [] : [{ id: summary.Id, name: listedName(summary), references: own }];
  });
  const provider = referring.find(({ id }) => id === container.Id);
  if (provider === undefined) return { dependents: [], dependencyCycle: null, restarts: [] };
  const { dependents, cycle } = findDependents(provider, referring);
  const inspected = await Promise.all(
    dependents.map(async (dependent) => {
      const found = await engine.inspectContainer(dependent.id);
      return found === null
        ? []
        : [{ ...(await dependentFacts(engine, found, dependent)), protectedAs: protectedAs(found, own) }];
    }),
  );
  const following = new Set(dependents.map(({ id }) => id));
  const labelled = containers.map((summary) => ({
    id: summary.Id,
    name: listedName(summary),
    running: summary.State === 'running',
    labels: summary.Labels ?? {},
  }));
  const self = labelled.find(({ id }) => id === container.Id);
  return {
    dependents: inspected.flat(),
    dependencyCycle: cycle ?? cycleAround(provider.name, labelled),
    restarts: await withoutProtected(
      engine,
      own,
      self === undefined ? [] : findRestarts(self, labelled).filter(({ id }) => !following.has(id)),
    ),
  };
}
