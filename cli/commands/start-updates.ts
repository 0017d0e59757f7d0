import type { UpdateBody } from '../../contracts/api/updates.ts';
import { ApiError } from '../api-client/api-error.ts';
import type { Connection } from '../api-client/with-api.ts';
import { notUpdated, type OutcomeRow } from '../output/outcome-table.ts';
import type { Shell } from '../shell.ts';

export interface WantedUpdate {
  /** Id of the container's row. */
  id: string;
  name: string;
  body: UpdateBody;
}

export interface StartedUpdates {
  started: Array<{ container: string; updateId: string; batchId: string | null }>;
  /** A row for each update that the server refused to start. */
  refused: OutcomeRow[];
}

/** The API takes no more in one batch. */
const BATCH_SIZE = 500;

/**
 * Asks for an update of each container; several that are to be done alike take turns in one batch. One that runs already
 * is joined. A refusal doesn't stop the others.
 * @param maxParallel how many of one host run at the same time; undefined leaves it to the server
 */
export async function startUpdates(
  shell: Shell,
  connection: Connection,
  wanted: readonly WantedUpdate[],
  maxParallel?: number,
): Promise<StartedUpdates> {
  const result: StartedUpdates = { started: [], refused: [] };
  const [only] = wanted;
  if (wanted.length === 1 && only !== undefined) {
    await attempt(result, wanted, () => startOne(shell, connection, only, result));
    return result;
  }
  for (const group of doneAlike(wanted)) {
    for (let from = 0; from < group.length; from += BATCH_SIZE) {
      await startBatch(connection, group.slice(from, from + BATCH_SIZE), maxParallel, result);
    }
  }
  return result;
}

async function startOne(
  shell: Shell,
  { api }: Connection,
  { id, name, body }: WantedUpdate,
  { started }: StartedUpdates,
): Promise<void> {
  const { updateId, joined } = await api.startUpdate(id, body);
  if (joined) shell.stderr.write(`An update of ${name} is running already (${updateId}).\n`);
  started.push({ container: name, updateId, batchId: null });
}

async function startBatch(
  connection: Connection,
  wanted: readonly WantedUpdate[],
  maxParallel: number | undefined,
  result: StartedUpdates,
): Promise<void> {
  await attempt(result, wanted, async () => {
    try {
      await askForBatch(connection, wanted, maxParallel, result);
    } catch (error) {
      const circular = new Set(error instanceof ApiError ? error.circularIds : []);
      const others = wanted.filter(({ id }) => !circular.has(id));
      if (!(error instanceof ApiError) || circular.size === 0 || others.length === 0) throw error;
      for (const { id, name } of wanted)
        if (circular.has(id)) result.refused.push(notUpdated(name, 'not_started', error.message));
      await askForBatch(connection, others, maxParallel, result);
    }
  });
}

async function askForBatch(
  { api }: Connection,
  wanted: readonly WantedUpdate[],
  maxParallel: number | undefined,
  { started }: StartedUpdates,
): Promise<void> {
  const { wait: _wait, strategy: _strategy, ...body } = wanted[0]?.body ?? {};
  const { batch_id: batchId, updates } = await api.startBatch({
    ...body,
    container_ids: wanted.map(({ id }) => id),
    ...(maxParallel === undefined ? {} : { max_parallel: maxParallel }),
  });
  const names = new Map(wanted.map(({ id, name }) => [id, name]));
  for (const { container_id: id, update_id: updateId } of updates)
    started.push({ container: names.get(id) ?? id, updateId, batchId });
}

/** Puts down a refusal for each of those wanted that has none yet. */
async function attempt(
  { refused }: StartedUpdates,
  wanted: readonly WantedUpdate[],
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 401) throw error;
    const told = new Set(refused.map(({ container }) => container));
    for (const { name } of wanted) if (!told.has(name)) refused.push(notUpdated(name, 'not_started', error.message));
  }
}

/** A batch does all of its updates in one way; those that need another way are a batch of their own. */
function doneAlike(wanted: readonly WantedUpdate[]): WantedUpdate[][] {
  const groups = new Map<string, WantedUpdate[]>();
  for (const update of wanted) {
    const way = JSON.stringify(update.body);
    groups.set(way, [...(groups.get(way) ?? []), update]);
  }
  return [...groups.values()];
}
