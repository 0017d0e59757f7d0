import type { Update } from '../../contracts/api/updates.ts';
import { formatDuration, formatVersion, shortDigest } from './amounts.ts';
import { renderTable } from './table.ts';

interface Version {
  reference: string;
  /** Whole, or null where no registry knows the image. */
  digest: string | null;
}

/** One container in the table that a command ends with; also its shape in `--json`. */
export interface OutcomeRow {
  container: string;
  update_id: string | null;
  from: Version | null;
  to: Version | null;
  /** An update's status, or why there was none, such as `quarantined`. */
  outcome: string;
  /** Null where nothing was done. */
  duration_seconds: number | null;
  downtime_ms: number | null;
  why: string;
}

/** The row of an update. */
export function outcomeRow(update: Update): OutcomeRow {
  const version = (reference: string | null, digest: string | null) =>
    reference === null ? null : { reference, digest };
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

/** The row of a container that no update was run for. */
export function notUpdated(container: string, outcome: string, why: string): OutcomeRow {
  const nothing = { update_id: null, from: null, to: null, duration_seconds: null, downtime_ms: null };
  return { container, ...nothing, outcome, why };
}

/** What a container moved from and to; the reference once where only its digest is another. */
export function moveText({ from, to }: Pick<OutcomeRow, 'from' | 'to'>): string {
  if (from === null && to === null) return '-';
  if (from === null || to === null) return formatVersion(from ?? to);
  if (from.reference !== to.reference || to.digest === null) return `${formatVersion(from)} → ${formatVersion(to)}`;
  return from.digest === to.digest ? formatVersion(from) : `${formatVersion(from)} → ${shortDigest(to.digest)}`;
}

/** The rows for people. */
export function outcomeTable(rows: readonly OutcomeRow[], width: number | undefined): string {
  const cells = rows.map((row) => [
    row.container,
    moveText(row),
    row.outcome.replaceAll('_', ' '),
    row.duration_seconds === null ? '-' : formatDuration(row.duration_seconds * 1000),
    row.downtime_ms === null ? '-' : formatDuration(row.downtime_ms),
    row.why,
  ]);
  return renderTable(['CONTAINER', 'FROM → TO', 'OUTCOME', 'TIME', 'DOWNTIME', 'WHY'], cells, width);
}
