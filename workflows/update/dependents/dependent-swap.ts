import type { DependentFacts } from '../../../activities/docker/container-relations.ts';
import type { SealedBackup } from '../../../activities/docker/seal-backup.ts';
import type { Swap } from '../../../activities/docker/swap.ts';
import { swapNames } from '../../../domain/swap-names.ts';

/** What this update has done to one dependent so far. */
export interface DependentSwap {
  facts: DependentFacts;
  backup: SealedBackup | null;
  successorId: string | null;
  /** It was to come back and did not; what is kept of it stays. */
  lost: boolean;
}

/** The swap of a dependent: under the same uid as the one that it follows. */
export function swapOf(updateId: string, { facts, successorId }: DependentSwap): Swap {
  return { updateId, containerName: facts.name, predecessorId: facts.containerId, successorId };
}

/** Each dependent's image has a keeping tag of its own; `position` counts from 0. */
export function keepTagOf(updateId: string, { facts }: DependentSwap, position: number): string {
  return `${swapNames(facts.name, updateId).keepTag}-${position + 1}`;
}
