import { TypedFailure } from '../../contracts/failure-types.ts';
import type { ContainerInspect, ImageInspect, RestartPolicy } from '../../domain/engine-types.ts';
import { effectiveHealthcheck, healthDeadlineMs } from '../../domain/health.ts';
import { policyFromLabels, type UpdateHooks } from '../../domain/policy/policy-from-labels.ts';
import type { WritableLayerPolicy } from '../../domain/policy/policy-settings.ts';
import { protectedAs } from '../../domain/protected.ts';
import { parseSwapName } from '../../domain/swap-names.ts';
import type { TagSelection } from '../../domain/tags/tag-selection.ts';
import type { WritableLayer } from '../../domain/writable-layer/judge-layer.ts';
import { type ContainerRelations, type KnownReferences, relationsOf } from './container-relations.ts';
import type { ContainerSummary, Engine } from './engine/engine.ts';
import type { Surroundings } from './surroundings/own-surroundings.ts';
import { listedName, plainName } from './swap.ts';
import { askForChanges, observeLayer } from './writable-layer/observe-layer.ts';

interface InspectingParts {
  engine: Engine;
  known: KnownReferences;
  surroundings: Surroundings;
}

export interface InspectContainerInput {
  containerName: string;
  updateId: string;
}

/** A container that an earlier, unfinished update left beside the one of the name. */
export interface Leftover {
  containerId: string;
  name: string;
  uid: string;
}

/** What the saga must know of a container; never its configuration, which holds secrets. */
export interface ContainerFacts extends ContainerRelations {
  /** Null when only leftovers of the name are there. */
  containerId: string | null;
  reference: string;
  imageId: string;
  repoTags: string[];
  repoDigests: string[];
  platform: { os: string; architecture: string; variant: string | null };
  running: boolean;
  paused: boolean;
  /** It was unhealthy, or kept restarting, before anything was done. */
  unhealthy: boolean;
  autoRemove: boolean;
  restartPolicy: RestartPolicy;
  hasHealthcheck: boolean;
  /** Milliseconds, reckoned from the health check. */
  healthDeadlineMs: number;
  networks: string[];
  anonymousVolumes: number;
  /** Seconds, from the container's label; null where it has none. */
  soakSeconds: number | null;
  /** Seconds, from the container's label; null where it has none. */
  healthDeadlineSeconds: number | null;
  hooks: UpdateHooks;
  /** How its next tag is chosen. Absent in results of older versions. */
  tags?: TagSelection;
  /** From the container's label; null where it has none. Absent in results of older versions. */
  writableLayerPolicy?: WritableLayerPolicy | null;
  /** What it holds outside its mounts. Absent in results of older versions. */
  writableLayer?: WritableLayer;
  /** Why this program must not touch it, or null. Absent in results of older versions. */
  protectedAs?: string | null;
  /** Labels whose values can't be understood, and other tools' labels that nothing here acts on; told in the plan. */
  policyProblems: string[];
  leftovers: Leftover[];
}

function findLeftovers(containers: ContainerSummary[], input: InspectContainerInput, ownUid: string): Leftover[] {
  const leftovers: Leftover[] = [];
  for (const container of containers) {
    const name = listedName(container);
    const swapName = parseSwapName(name);
    if (swapName !== null && swapName.containerName === input.containerName && swapName.uid !== ownUid) {
      leftovers.push({ containerId: container.Id, name, uid: swapName.uid });
    }
  }
  return leftovers;
}

function countAnonymousVolumes(container: ContainerInspect): number {
  const named = new Set<string>();
  for (const bind of container.HostConfig.Binds ?? []) named.add(bind.split(':')[1] ?? '');
  for (const mount of container.HostConfig.Mounts ?? []) {
    if (mount.Source !== undefined && mount.Source !== '') named.add(String(mount.Target));
  }
  return container.Mounts.filter((mount) => mount.Type === 'volume' && !named.has(mount.Destination)).length;
}

function factsOf(
  container: ContainerInspect,
  image: ImageInspect,
  leftovers: Leftover[],
): Omit<ContainerFacts, keyof ContainerRelations | 'writableLayer' | 'protectedAs'> {
  const healthcheck = effectiveHealthcheck(container.Config);
  const policy = policyFromLabels(container.Config.Labels ?? {}, 'manual');
  return {
    containerId: container.Id,
    reference: container.Config.Image ?? container.Image,
    imageId: container.Image,
    repoTags: image.RepoTags ?? [],
    repoDigests: image.RepoDigests ?? [],
    platform: { os: image.Os ?? 'linux', architecture: image.Architecture ?? 'amd64', variant: image.Variant || null },
    running: container.State.Running || container.State.Restarting,
    paused: container.State.Paused,
    unhealthy: container.State.Restarting || container.State.Health?.Status === 'unhealthy',
    autoRemove: container.HostConfig.AutoRemove ?? false,
    restartPolicy: container.HostConfig.RestartPolicy ?? { Name: 'no' },
    hasHealthcheck: healthcheck !== null,
    healthDeadlineMs: healthDeadlineMs(healthcheck),
    networks: Object.keys(container.NetworkSettings.Networks),
    anonymousVolumes: countAnonymousVolumes(container),
    soakSeconds: policy.soakSeconds,
    healthDeadlineSeconds: policy.healthDeadlineSeconds,
    hooks: policy.hooks,
    tags: policy.tags,
    writableLayerPolicy: policy.writableLayer,
    policyProblems: [...policy.problems, ...policy.notes],
    leftovers,
  };
}

const NO_CONTAINER: Omit<ContainerFacts, 'leftovers'> = {
  dependents: [],
  dependencyCycle: null,
  restarts: [],
  containerId: null,
  reference: '',
  imageId: '',
  repoTags: [],
  repoDigests: [],
  platform: { os: '', architecture: '', variant: null },
  running: false,
  paused: false,
  unhealthy: false,
  autoRemove: false,
  restartPolicy: { Name: 'no' },
  hasHealthcheck: false,
  healthDeadlineMs: 0,
  networks: [],
  anonymousVolumes: 0,
  soakSeconds: null,
  healthDeadlineSeconds: null,
  hooks: { pre: null, post: null, timeoutSeconds: 0 },
  policyProblems: [],
};

/**
 * Step `inspect`: the container and its image, the image by the container's image id, since its tag may have moved.
 * @throws TypedFailure `ContainerNotFound` when neither the container nor a leftover of it is there
 */
export async function inspectContainer(
  { engine, known, surroundings }: InspectingParts,
  input: InspectContainerInput,
  ownUid: string,
): Promise<ContainerFacts> {
  const changes = askForChanges(engine, input.containerName);
  const [container, containers, own] = await Promise.all([
    engine.inspectContainer(input.containerName),
    engine.listContainers(),
    surroundings.observe(),
  ]);
  const leftovers = findLeftovers(containers, input, ownUid);
  // A name also matches an id's prefix; only the name counts here.
  if (container === null || plainName(container) !== input.containerName) {
    if (leftovers.length > 0) return { ...NO_CONTAINER, leftovers };
    throw new TypedFailure(
      'ContainerNotFound',
      `There is no container named ${input.containerName} on this host. See \`docker-auto ps\` for the names.`,
    );
  }
  const [image, relations, writableLayer] = await Promise.all([
    engine.inspectImage(container.Image),
    relationsOf({ engine, known, own }, container, containers),
    observeLayer(engine, container, changes),
  ]);
  if (image === null) {
    throw new TypedFailure(
      'BackupMissing',
      `The image ${container.Image} of ${input.containerName} is no longer on this host, so a way back could not be kept. Recreate the container by hand first.`,
    );
  }
  return {
    ...factsOf(container, image, leftovers),
    ...relations,
    writableLayer,
    protectedAs: protectedAs(container, own),
  };
}
