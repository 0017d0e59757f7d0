import { setTimeout as delay } from 'node:timers/promises';
import { request } from '../test/rig/api-client.ts';
import type { ProgramProcess } from '../test/rig/program-process.ts';

/** Not often: to ask costs the program work as well, and its own clock tells when the last one ended. */
const POLL_MS = 250;

/** Ids of the rows of all containers whose names begin so. */
export async function containerIds(program: ProgramProcess, prefix: string): Promise<string[]> {
  await request(program, 'GET', '/images/check');
  const { data } = await request(program, 'GET', `/containers?search=${prefix}&limit=100`);
  return (data.items as Array<{ id: string; name: string }>)
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ id }) => id);
}

/**
 * Updates containers in one batch and waits for its end.
 * @returns milliseconds that it took
 * @throws Error when one of them did not succeed
 */
export async function runBatch(
  program: ProgramProcess,
  ids: readonly string[],
  body: Record<string, unknown>,
): Promise<number> {
  const began = Date.now();
  const started = await request(program, 'POST', '/updates/batch', { container_ids: ids, ...body });
  if (started.code !== 202) throw new Error(`the batch was not started: ${JSON.stringify(started)}`);
  for (;;) {
    const { data } = await request(program, 'GET', `/updates/batch/${started.data.batch_id}`);
    if (!data.running) {
      if (data.counts.success !== ids.length) throw new Error(`not all succeeded: ${JSON.stringify(data.counts)}`);
      return (await lastEnd(program, started.data.batch_id, ids.length)) - began;
    }
    await delay(POLL_MS);
  }
}

/** When the last update of a batch ended, in milliseconds since 1970. */
async function lastEnd(program: ProgramProcess, batchId: string, updates: number): Promise<number> {
  const { data } = await request(program, 'GET', `/updates/history?triggered_by=batch&limit=${Math.min(updates, 100)}`);
  const ends = (data.items as Array<{ batch_id: string; completed_at: string }>)
    .filter(({ batch_id }) => batch_id === batchId)
    .map(({ completed_at }) => Date.parse(completed_at));
  return Math.max(...ends);
}
