import { TypedFailure } from '../../contracts/failure-types.ts';
import type { ContainerInspect, ImageInspect } from '../../domain/engine-types.ts';
import { policyFromLabels } from '../../domain/policy/policy-from-labels.ts';
import { protectedAs } from '../../domain/protected.ts';
import { parseSwapName } from '../../domain/swap-names.ts';
import type { TagSelection } from '../../domain/tags/tag-selection.ts';
import type { Engine } from './engine/engine.ts';
import type { Surroundings } from './surroundings/own-surroundings.ts';
import { listedName, plainName } from './swap.ts';

export interface InventoryContainer {
  name: string;
  containerId: string;
  image: string;
  imageId: string;
  repoTags: string[];
  repoDigests: string[];
  platform: { os: string; architecture: string; variant: string | null };
  status: 'running' | 'stopped' | 'paused' | 'restarting';
  labels: Record<string, string>;
  /** When its engine made it, milliseconds since the epoch. Absent in answers of older versions. */
  createdMs?: number;
  /** How its next tag is chosen. Absent in answers of older versions. */
  tags?: TagSelection;
  /** Why this program must not touch it, or null. */
  protectedAs: string | null;
  /** The whole inspect: encrypted at rest, and on its way by the payload codec. */
  inspect: ContainerInspect;
}

/** Names of all containers of the host, without those that an update is just swapping. */
export async function listContainerNames(engine: Engine): Promise<string[]> {
  const containers = await engine.listContainers();
  return containers.map(listedName).filter((name) => name !== '' && parseSwapName(name) === null);
}

function statusOf({ State: state }: ContainerInspect): InventoryContainer['status'] {
  if (state.Paused) return 'paused';
  if (state.Restarting) return 'restarting';
  return state.Running ? 'running' : 'stopped';
}

/**
 * A batch of containers for the inventory; those that vanished meanwhile are left out. An image is asked for once.
 * @throws TypedFailure `EngineUnavailable`
 */
export async function inspectForInventory(
  engine: Engine,
  surroundings: Surroundings,
  names: string[],
): Promise<InventoryContainer[]> {
  const own = await surroundings.observe();
  const images = new Map<string, Promise<ImageInspect | null>>();
  const imageOf = (id: string) => {
    const known = images.get(id) ?? engine.inspectImage(id);
    images.set(id, known);
    return known;
  };
  const found = await Promise.all(
    names.map(async (name): Promise<InventoryContainer | null> => {
      const container = await engine.inspectContainer(name);
      if (container === null || plainName(container) !== name) return null;
      const image = await imageOf(container.Image);
      return {
        name,
        containerId: container.Id,
        image: container.Config.Image ?? container.Image,
        imageId: container.Image,
        repoTags: image?.RepoTags ?? [],
        repoDigests: image?.RepoDigests ?? [],
        platform: {
          os: image?.Os ?? 'linux',
          architecture: image?.Architecture ?? 'amd64',
          variant: image?.Variant || null,
        },
        status: statusOf(container),
        labels: container.Config.Labels ?? {},
        createdMs: Date.parse(container.Created) || 0,
        tags: policyFromLabels(container.Config.Labels ?? {}, 'manual').tags,
        protectedAs: protectedAs(container, own),
        inspect: container,
      };
    }),
  );
  return found.filter((container) => container !== null);
}

export interface HostState {
  reachable: boolean;
  engineVersion: string | null;
  /** Why it isn't reachable, or null. */
  reason: string | null;
}

/** Whether the host's engine answers; never throws for one that doesn't. */
export async function describeHost(engine: Engine): Promise<HostState> {
  try {
    const { engineVersion } = await engine.version();
    return { reachable: true, engineVersion, reason: null };
  } catch (error) {
    if (error instanceof TypedFailure && error.type === 'EngineUnavailable')
      return { reachable: false, engineVersion: null, reason: error.message };
    throw error;
  }
}
