import type { WritableLayerPolicy } from '../policy/policy-settings.ts';
import type { WritableLayer } from './judge-layer.ts';

export interface LayerOwner {
  containerName: string;
  /** `--rm`: the engine removes the container, and its writable layer with it, as soon as it stops. */
  autoRemove: boolean;
}

const HOW_TO_CARRY = '--writable-layer carry, or the label docker-auto.writable-layer=carry';

function named(count: number, examples: readonly string[]): string {
  const more = count - examples.length;
  return more > 0 ? `${examples.join(', ')} and ${more} more` : examples.join(', ');
}

function paths(count: number): string {
  return `${count} path${count === 1 ? '' : 's'}`;
}

function changedText(layer: WritableLayer): string {
  return `${paths(layer.changed)} that ${layer.changed === 1 ? 'was' : 'were'} added or changed outside its volumes (${named(layer.changed, layer.examples)})`;
}

function deletedText({ deleted, deletedExamples }: WritableLayer, name: string): string[] {
  if (deleted === 0) return [];
  return [
    `${paths(deleted)} of the image ${deleted === 1 ? 'was' : 'were'} deleted in ${name} and will be there again: ${named(deleted, deletedExamples)}.`,
  ];
}

function lossTexts(layer: WritableLayer, { containerName: name, autoRemove }: LayerOwner): string[] {
  const forGood =
    autoRemove && layer.changed + layer.injected.length > 0
      ? [`${name} was started with --rm and vanishes when it stops: not even a rollback brings those back.`]
      : [];
  return [
    ...(layer.injected.length === 0
      ? []
      : [
          `Compose wrote ${layer.injected.join(', ')} into ${name} itself, so the successor will not have ${layer.injected.length === 1 ? 'it' : 'them'}. Take ${layer.injected.length === 1 ? 'it' : 'them'} along with ${HOW_TO_CARRY}; or run "docker compose up --force-recreate" for the service afterwards.`,
        ]),
    ...(layer.changed === 0
      ? []
      : [
          `The successor of ${name} will not have ${changedText(layer)}. What the image makes at every start comes back by itself; take the rest along with ${HOW_TO_CARRY}, or move it to a volume.`,
        ]),
    ...deletedText(layer, name),
    ...forGood,
  ];
}

function carryTexts(layer: WritableLayer, { containerName: name, autoRemove }: LayerOwner): string[] {
  const carried = [
    ...(layer.injected.length === 0 ? [] : [`${layer.injected.join(', ')}, which Compose wrote into ${name} itself`]),
    ...(layer.changed === 0 ? [] : [changedText(layer)]),
  ];
  if (carried.length === 0) return deletedText(layer, name);
  const when = autoRemove
    ? `while ${name} still runs, since it was started with --rm and vanishes when it stops: what it writes meanwhile may be missing, and a rollback brings none of it back`
    : 'when nothing writes any more; the downtime is longer by that';
  return [
    `Taken along into the successor: ${carried.join('; ')}. They are copied ${when}.`,
    ...deletedText(layer, name),
  ];
}

/** What a person should know of a container's writable layer before it is recreated, one sentence or two each. */
export function layerWarnings(layer: WritableLayer, policy: WritableLayerPolicy, owner: LayerOwner): string[] {
  const refusal = policy === 'refuse' ? layerRefusal(layer, owner) : null;
  if (refusal !== null) return [refusal];
  if (layer.unknown !== null)
    return [
      `What ${owner.containerName} wrote outside its volumes could not be listed (${layer.unknown}); ${policy === 'carry' ? 'it is asked for again when it is to be taken along' : 'the successor will have none of it'}.`,
    ];
  return policy === 'carry' ? carryTexts(layer, owner) : lossTexts(layer, owner);
}

/** Why policy `refuse` forbids the recreation and what to do, or null when nothing would be lost. */
export function layerRefusal(layer: WritableLayer, { containerName: name }: LayerOwner): string | null {
  const otherwise =
    'Move what matters to a volume, or say --writable-layer carry (take along) or --writable-layer warn (lose it).';
  if (layer.unknown !== null)
    return `What ${name} wrote outside its volumes could not be listed (${layer.unknown}), and its writable layer may not be lost (policy writable_layer: refuse). Update again, or say --writable-layer warn.`;
  const lost = [
    ...(layer.injected.length === 0 ? [] : [`${layer.injected.join(', ')}, written by Compose`]),
    ...(layer.changed === 0 ? [] : [changedText(layer)]),
    ...(layer.deleted === 0
      ? []
      : [`${paths(layer.deleted)} deleted from the image (${named(layer.deleted, layer.deletedExamples)})`]),
  ];
  if (lost.length === 0) return null;
  return `A recreation of ${name} would lose what only its writable layer holds, and policy writable_layer is refuse: ${lost.join('; ')}. "docker diff ${name}" lists all. ${otherwise}`;
}
