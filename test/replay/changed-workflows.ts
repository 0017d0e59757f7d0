import type { BatchInput, BatchProgress } from '../../contracts/batch.ts';
import type { UpdateInput, UpdateResult } from '../../contracts/update.ts';
import { batchUpdate as unchangedBatch } from '../../workflows/batch-update.ts';
import { history } from '../../workflows/update/activities.ts';
import { updateContainer as unchanged } from '../../workflows/update-container.ts';

/**
 * A careless change, for the replay tests: the saga asks for one thing more before all else, without `patched`. Every
 * update that was running when it was deployed would be stuck.
 */
export async function updateContainer(input: UpdateInput): Promise<UpdateResult> {
  await history.readSettings();
  return unchanged(input);
}

/** The same with a batch. */
export async function batchUpdate(input: BatchInput): Promise<BatchProgress> {
  await history.readSettings();
  return unchangedBatch(input);
}
