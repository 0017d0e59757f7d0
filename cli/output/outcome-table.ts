import type { UpdateDetailAnswer } from '../../contracts/api/updates.ts';
import { formatDuration, formatVersion } from './amounts.ts';
import { renderTable } from './table.ts';

/** One container in the table that a command ends with; also its shape in `--json`. */
export interface OutcomeRow {
  container: string;
  update_id: string | null;
  from: string | null;
  to: string | null;
  /** An update's status, or `skipped`, or `not_started` for one that was refused. */
  outcome: string;
  /** Null where nothing was done. */
  duration_seconds: number | null;
  downtime_ms: number | null;
  why: string;
}

/** The row of an update that was followed. */
export function outcomeRow(update: UpdateDetailAnswer): OutcomeRow {
  const version = (reference: string | null, digest: string | null) =>
    reference === null ? null : formatVersion({ reference, digest });
  return {
    container: update.container_name,
    update_id: update.id,
    from: version(update.old_image, update.old_digest),
    to: version(update.new_image, update.new_digest),
    outcome: update.status,
    duration_seconds: update.duration_seconds,
    downtime_ms: update.downtime_ms,
    why: update.message ?? update.error_message ?? '',
  };
}

/** The rows for people. */
export function outcomeTable(rows: readonly OutcomeRow[], width: number | undefined): string {
  const cells = rows.map((row) => [
    row.container,
    row.to === null ? (row.from ?? '-') : `${row.from ?? '?'} → ${row.to}`,
    row.outcome.replaceAll('_', ' '),
    row.duration_seconds === null ? '-' : formatDuration(row.duration_seconds * 1000),
    row.downtime_ms === null ? '-' : formatDuration(row.downtime_ms),
    row.why,
  ]);
  return renderTable(['CONTAINER', 'FROM → TO', 'OUTCOME', 'TIME', 'DOWNTIME', 'WHY'], cells, width);
}
