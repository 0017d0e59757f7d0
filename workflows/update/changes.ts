import { patched } from '@temporalio/workflow';

/**
 * Whether this update goes with fewer round trips through the workflow server (since 0.2.0): the first question to the
 * registry beside the workflow, stop and start in one activity, no storing of events that the end stores at once. One that
 * was begun by an earlier version goes on in the order that it began with.
 */
export function fewerRoundTrips(): boolean {
  return patched('fewer-round-trips');
}
