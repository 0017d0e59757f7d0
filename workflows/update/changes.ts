import type { UpdateInput } from '../../contracts/update.ts';

/**
 * Whether this update goes in the second order or a later one. Since then it goes with fewer round trips through the workflow server
 * (the first question to the registry beside the workflow, stop and start in one activity, no storing of events that the
 * end stores at once), stores a pause, recalls the past of leftovers, gives up images and keep tags that nobody reported,
 * and looks where things are before it says so. One that was begun by an earlier version goes on in the order that it began
 * with. Its input says which it is: the server stores each `patched` of the SDK as a search attribute besides, which takes
 * longer than a step (ADR 10).
 */
export function sinceOrder2({ stepOrder }: Pick<UpdateInput, 'stepOrder'>): boolean {
  return (stepOrder ?? 1) >= 2;
}
