import { setTimeout as delay } from 'node:timers/promises';
import { request } from '../test/rig/api-client.ts';
import type { ProgramProcess } from '../test/rig/program-process.ts';

/** Not often: to ask costs the program work as well, and its own clock tells when the last one ended. */
const POLL_MS = 250;

export interface BatchRun {
  milliseconds: number;
  downtimesMs: number[];
}

interface Row {
  batch_id: string;
  completed_at: string;
  downtime_ms: number;
}

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
 * @returns milliseconds that it took, and for how long each container was down
 * @throws Error when one of them did not succeed
 */
export async function runBatch(
  program: ProgramProcess,
  ids: readonly string[],
  body: Record<string, unknown>,
): Promise<BatchRun> {
  const began = Date.now();
  const started = await request(program, 'POST', '/updates/batch', { container_ids: ids, ...body });
  if (started.code !== 202) throw new Error(`the batch was not started: ${JSON.stringify(started)}`);
  for (;;) {
    const { data } = await request(program, 'GET', `/updates/batch/${started.data.batch_id}`);
    if (!data.running) {
      if (data.counts.success !== ids.length) throw new Error(`not all succeeded: ${JSON.stringify(data.counts)}`);
      const rows = await rowsOf(program, started.data.batch_id, ids.length);
      const lastEnd = Math.max(...rows.map(({ completed_at }) => Date.parse(completed_at)));
      return { milliseconds: lastEnd - began, downtimesMs: rows.map(({ downtime_ms }) => downtime_ms) };
    }
    await delay(POLL_MS);
  }
}

async function rowsOf(program: ProgramProcess, batchId: string, updates: number): Promise<Row[]> {
  const { data } = await request(program, 'GET', `/updates/history?triggered_by=batch&limit=${Math.min(updates, 100)}`);
  return (data.items as Row[]).filter(({ batch_id }) => batch_id === batchId);
}
