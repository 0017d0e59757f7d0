import type { Batch } from '../../contracts/api/batches.ts';
import type { UpdateDetailAnswer } from '../../contracts/api/updates.ts';
import { unbegunUpdate, type WatchedUpdate, watchedUpdate } from './watched-update.ts';

/** What is asked of the API to follow updates. */
interface Asked {
  update(updateId: string): Promise<UpdateDetailAnswer>;
  batch(batchId: string): Promise<Batch>;
}

/** Milliseconds for which a batch's answer serves all of its updates that are asked for in one round. */
const ONE_ROUND_MS = 100;

/**
 * Reads the present state of updates. The API knows one of a batch only when its turn has come; until then its batch is
 * asked, once for all that wait.
 * @param batchOf the batch of each update that belongs to one, by update id
 */
export function createUpdateReader(
  api: Asked,
  batchOf: ReadonlyMap<string, string>,
): (updateId: string) => Promise<WatchedUpdate> {
  const begun = new Set<string>();
  const answers = new Map<string, { askedAt: number; answer: Promise<Batch> }>();

  function askBatch(batchId: string): Promise<Batch> {
    const known = answers.get(batchId);
    if (known !== undefined && Date.now() - known.askedAt < ONE_ROUND_MS) return known.answer;
    const answer = api.batch(batchId);
    answers.set(batchId, { askedAt: Date.now(), answer });
    return answer;
  }

  return async (updateId) => {
    const batchId = batchOf.get(updateId);
    if (batchId !== undefined && !begun.has(updateId)) {
      const { updates } = await askBatch(batchId);
      const update = updates.find(({ update_id }) => update_id === updateId);
      const unbegun = update === undefined ? null : unbegunUpdate(update);
      if (unbegun !== null) return unbegun;
      begun.add(updateId);
    }
    return watchedUpdate(await api.update(updateId));
  };
}
