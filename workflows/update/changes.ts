import { patched } from '@temporalio/workflow';
import type { UpdateInput } from '../../contracts/update.ts';

/** What the second order changed, by the patches that marked it before an input said the order. */
type Patch =
  | 'fewer-round-trips'
  | 'a pause is stored'
  | 'leftovers know their past'
  | 'release-an-unreported-keep-tag'
  | 'a pulled image is given up'
  | 'say-what-is-left';

/**
 * Whether this update does that in the second order of steps or a later one. Its input says which it goes in; one that was
 * begun before inputs said so goes on as its own patches tell. Not by patches any more, since the server stores each as a
 * search attribute besides, which takes longer than a step (ADR 10).
 */
export function sinceOrder2({ stepOrder }: Pick<UpdateInput, 'stepOrder'>, patch: Patch): boolean {
  return stepOrder === undefined ? patched(patch) : stepOrder >= 2;
}

/**
 * Whether this update does that in the third order of steps or a later one: backup, pull and create in one activity, and
 * a turn that is taken before hooks and dependents.
 */
export function sinceOrder3({ stepOrder = 1 }: Pick<UpdateInput, 'stepOrder'>): boolean {
  return stepOrder >= 3;
}
