import type { Update } from '../../contracts/api/updates.ts';
import type { ApiClient } from '../api-client/api-client.ts';
import { withApi } from '../api-client/with-api.ts';
import { formatDuration, formatMoment } from '../output/amounts.ts';
import { moveText, outcomeRow } from '../output/outcome-table.ts';
import { renderTable } from '../output/table.ts';
import { printResult, type Shell, terminalWidth } from '../shell.ts';
import { findByName } from './select-containers.ts';

const SHOWN = 50;

/** `docker-auto history`: the latest updates, newest first, of one container or of all. */
export function history(shell: Shell, name: string | undefined): Promise<number> {
  return withApi(shell, ({ api }) => tellHistory(shell, api, name), { engine: false });
}

async function tellHistory(shell: Shell, api: ApiClient, name: string | undefined): Promise<number> {
  const [container] = name === undefined ? [] : await findByName(api, [name]);
  const updates = await api.history(container?.id, SHOWN);
  const headings = ['STARTED', 'CONTAINER', 'FROM → TO', 'OUTCOME', 'TIME', 'DOWNTIME', 'ID', 'WHY'];
  const table =
    updates.length === 0 ? 'There are no updates yet.' : renderTable(headings, updates.map(row), terminalWidth(shell));
  printResult(shell, table, updates);
  return 0;
}

function row(update: Update): string[] {
  return [
    formatMoment(update.started_at),
    update.container_name,
    moveText(outcomeRow(update)),
    update.status,
    update.duration_seconds === null ? '-' : formatDuration(update.duration_seconds * 1000),
    update.downtime_ms === null ? '-' : formatDuration(update.downtime_ms),
    update.id,
    update.message ?? '',
  ];
}
