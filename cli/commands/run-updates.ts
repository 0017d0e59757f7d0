import type { UpdateBody, UpdateDetailAnswer } from '../../contracts/api/updates.ts';
import type { UpdateStatus } from '../../contracts/update.ts';
import { ApiError } from '../api-client/api-error.ts';
import type { Connection } from '../api-client/with-api.ts';
import { EXIT_INTERRUPTED, exitCodeOf } from '../output/exit-codes.ts';
import { type OutcomeRow, outcomeRow, outcomeTable } from '../output/outcome-table.ts';
import { followUpdates } from '../progress/follow-updates.ts';
import { isFinished, watchedUpdate } from '../progress/watched-update.ts';
import { printResult, type Shell, terminalWidth } from '../shell.ts';

export interface StartedUpdates {
  started: Array<{ container: string; updateId: string }>;
  /** A row for each update that the server refused to start. */
  refused: OutcomeRow[];
}

/** Asks for an update of each container; one that runs already is joined. A refusal doesn't stop the others. */
export async function startUpdates(
  shell: Shell,
  { api }: Connection,
  wanted: ReadonlyArray<{ id: string; name: string; body: UpdateBody }>,
): Promise<StartedUpdates> {
  const result: StartedUpdates = { started: [], refused: [] };
  for (const { id, name, body } of wanted) {
    try {
      const { updateId, joined } = await api.startUpdate(id, body);
      if (joined) shell.stderr.write(`An update of ${name} is running already (${updateId}).\n`);
      result.started.push({ container: name, updateId });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status === 401) throw error;
      result.refused.push(notUpdated(name, 'not_started', error.message));
    }
  }
  return result;
}

/** The row of a container that no update was run for. */
export function notUpdated(container: string, outcome: string, why: string): OutcomeRow {
  const nothing = { update_id: null, from: null, to: null, duration_seconds: null, downtime_ms: null };
  return { container, ...nothing, outcome, why };
}

/** Shows the updates until they have ended. Null when interrupted before; what happens to them then was said. */
export async function followToTheEnd(
  shell: Shell,
  connection: Connection,
  { started }: Pick<StartedUpdates, 'started'>,
): Promise<UpdateDetailAnswer[] | null> {
  const ids = started.map(({ updateId }) => updateId);
  const output = shell.options.json ? shell.stderr : shell.stdout;
  const read = async (updateId: string) => watchedUpdate(await connection.api.update(updateId));
  const followed = await followUpdates(ids, { read, output, signal: shell.interrupted });
  if (shell.interrupted.aborted) {
    const allEnded = followed.length === ids.length && followed.every(isFinished);
    if (!allEnded) shell.stderr.write(`${whatHappensNow(connection)}\n`);
    return null;
  }
  return Promise.all(ids.map((id) => connection.api.update(id)));
}

/**
 * Shows the updates until they have ended, then prints the table of outcomes.
 * @returns the exit code: the updates' own, 1 where one was not started or `failed` is set, 130 when interrupted
 */
export async function waitForOutcomes(
  shell: Shell,
  connection: Connection,
  updates: StartedUpdates,
  more: { rows?: readonly OutcomeRow[]; failed?: boolean } = {},
): Promise<number> {
  const ended = await followToTheEnd(shell, connection, updates);
  if (ended === null) return EXIT_INTERRUPTED;
  const rows = [...ended.map(outcomeRow), ...updates.refused, ...(more.rows ?? [])];
  const statuses: UpdateStatus[] = ended.map(({ status }) => status);
  if (updates.refused.length > 0 || more.failed === true) statuses.push('failed');
  const exitCode = exitCodeOf(statuses);
  const table = rows.length === 0 ? '' : outcomeTable(rows, terminalWidth(shell));
  printResult(shell, ended.length === 0 ? table : `\n${table}`, { exit_code: exitCode, containers: rows });
  return exitCode;
}

function whatHappensNow({ temporary }: Connection): string {
  return temporary
    ? 'Interrupted. The update stops here with this program and is finished when docker-auto starts next.'
    : 'Interrupted. The update goes on in the server; docker-auto history shows how it ends.';
}
