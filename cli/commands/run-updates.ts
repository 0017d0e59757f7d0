import type { UpdateDetailAnswer } from '../../contracts/api/updates.ts';
import type { UpdateStatus } from '../../contracts/update.ts';
import { ApiError } from '../api-client/api-error.ts';
import type { Connection } from '../api-client/with-api.ts';
import { EXIT_INTERRUPTED, exitCodeOf } from '../output/exit-codes.ts';
import { notUpdated, type OutcomeRow, outcomeRow, outcomeTable } from '../output/outcome-table.ts';
import { followUpdates } from '../progress/follow-updates.ts';
import { createUpdateReader } from '../progress/read-updates.ts';
import { isFinished, type WatchedUpdate } from '../progress/watched-update.ts';
import { printResult, type Shell, terminalWidth } from '../shell.ts';
import type { StartedUpdates } from './start-updates.ts';

export interface EndedUpdates {
  ended: UpdateDetailAnswer[];
  /** A row for each whose turn never came. */
  neverBegun: OutcomeRow[];
}

/** Shows the updates until they have ended. Null when interrupted before; what happens to them then was said. */
export async function followToTheEnd(
  shell: Shell,
  connection: Connection,
  { started }: Pick<StartedUpdates, 'started'>,
): Promise<EndedUpdates | null> {
  const ids = started.map(({ updateId }) => updateId);
  const batchOf = new Map(started.flatMap(({ updateId, batchId }) => (batchId === null ? [] : [[updateId, batchId]])));
  const output = shell.options.json ? shell.stderr : shell.stdout;
  const read = createUpdateReader(connection.api, batchOf);
  const followed = await followUpdates(ids, { read, output, signal: shell.interrupted });
  if (shell.interrupted.aborted) {
    const allEnded = followed.length === ids.length && followed.every(isFinished);
    if (!allEnded) shell.stderr.write(`${await whatHappensNow(connection, batchOf, followed)}\n`);
    return null;
  }
  const begun = followed.filter((update) => update.begun);
  return {
    ended: await Promise.all(begun.map(({ updateId }) => connection.api.update(updateId))),
    neverBegun: followed
      .filter((update) => !update.begun)
      .map(({ containerName, message }) => notUpdated(containerName, 'not_started', message ?? '')),
  };
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
  const followed = await followToTheEnd(shell, connection, updates);
  if (followed === null) return EXIT_INTERRUPTED;
  const { ended, neverBegun } = followed;
  const rows = [...ended.map(outcomeRow), ...neverBegun, ...updates.refused, ...(more.rows ?? [])];
  const statuses: UpdateStatus[] = ended.map(({ status }) => status);
  if (updates.refused.length + neverBegun.length > 0 || more.failed === true) statuses.push('failed');
  const exitCode = exitCodeOf(statuses);
  const table = rows.length === 0 ? '' : outcomeTable(rows, terminalWidth(shell));
  printResult(shell, ended.length === 0 ? table : `\n${table}`, { exit_code: exitCode, containers: rows });
  return exitCode;
}

const GOES_ON = 'Interrupted. The update goes on in the server; docker-auto history shows how it ends.';
const ALL_GO_ON = 'Interrupted. The updates go on in the server; docker-auto history shows how they end.';
const STOPS_HERE = 'Interrupted. The update stops here with this program and is finished when docker-auto starts next.';
const NO_MORE_BEGIN =
  'Interrupted. Updates that had begun stop here with this program and are finished when docker-auto starts next; no other will begin.';

function unlessEnded(error: unknown): void {
  if (!(error instanceof ApiError) || error.status !== 409) throw error;
}

/** What had not begun is not to begin by itself on some later day, where this program ends with the command. */
async function whatHappensNow(
  { api, temporary }: Connection,
  batchOf: ReadonlyMap<string, string>,
  followed: readonly WatchedUpdate[],
): Promise<string> {
  if (batchOf.size === 0) return temporary ? STOPS_HERE : GOES_ON;
  if (!temporary) return ALL_GO_ON;
  const begun = new Set(followed.filter((update) => update.begun).map(({ updateId }) => updateId));
  const waiting = new Set([...batchOf].filter(([updateId]) => !begun.has(updateId)).map(([, batchId]) => batchId));
  for (const batchId of waiting) await api.afterInterruption().cancelBatch(batchId).catch(unlessEnded);
  return NO_MORE_BEGIN;
}
