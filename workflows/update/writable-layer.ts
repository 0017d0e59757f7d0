import type { DependentFacts } from '../../activities/docker/container-relations.ts';
import type { CarriedLayer } from '../../activities/docker/writable-layer/carry-layer.ts';
import { layerRefusal, layerWarnings } from '../../domain/writable-layer/tell-layer.ts';
import type { Ledger } from './ledger.ts';

function owner(ledger: Ledger) {
  return { containerName: ledger.input.containerName, autoRemove: ledger.requireFacts().autoRemove };
}

const ownerOf = ({ name, autoRemove }: DependentFacts) => ({ containerName: name, autoRemove });

/** What a person should know of what the container and its dependents hold outside their volumes, in sentences. */
export function writableLayerWarnings(ledger: Ledger): string[] {
  const { writableLayer } = ledger.requireFacts();
  const own =
    writableLayer === undefined ? [] : layerWarnings(writableLayer, ledger.writableLayerPolicy, owner(ledger));
  const theirs = ledger.dependents.flatMap((dependent) =>
    layerWarnings(dependent.writableLayer, dependent.writableLayerPolicy, ownerOf(dependent)),
  );
  return [...own, ...theirs];
}

/** Why a policy forbids to recreate the container, or one of its dependents; null when none does. */
export function writableLayerRefusal(ledger: Ledger): string | null {
  for (const dependent of ledger.dependents) {
    if (dependent.writableLayerPolicy !== 'refuse') continue;
    const refusal = layerRefusal(dependent.writableLayer, ownerOf(dependent));
    if (refusal !== null) return refusal;
  }
  const { writableLayer } = ledger.requireFacts();
  if (writableLayer === undefined || ledger.writableLayerPolicy !== 'refuse') return null;
  return layerRefusal(writableLayer, owner(ledger));
}

/**
 * Whether the writable layer is copied between stop and start. A stopped container is read when its successor is created,
 * and so is one that vanishes when it stops.
 */
export function carriesAfterStop(ledger: Ledger): boolean {
  const { running, autoRemove } = ledger.requireFacts();
  return ledger.writableLayerPolicy === 'carry' && running && !autoRemove;
}

/** What was copied, for the timeline; empty where nothing was. Ends with a blank. */
export function carriedText(carried: CarriedLayer | null | undefined): string {
  if (carried == null || carried.paths === 0) return '';
  return `Took along ${carried.paths} path${carried.paths === 1 ? '' : 's'} of the writable layer. `;
}
