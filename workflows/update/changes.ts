import { patched } from '@temporalio/workflow';

/**
 * Whether this update was begun by 0.2.0 or later. Since then it goes with fewer round trips through the workflow server
 * (the first question to the registry beside the workflow, stop and start in one activity, no storing of events that the
 * end stores at once), stores a pause, recalls the past of leftovers, gives up images and keep tags that nobody reported,
 * and looks where things are before it says so. One that was begun by an earlier version goes on in the order that it began
 * with. One patch for all of them: the server stores each.
 */
export function since020(): boolean {
  return patched('0.2.0');
}
