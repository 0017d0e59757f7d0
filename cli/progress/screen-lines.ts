import pc from 'picocolors';
import { formatBytes, formatDuration } from '../output/amounts.ts';
import { amountOf } from './event-lines.ts';
import { isFinished, type WatchedEvent, type WatchedUpdate } from './watched-update.ts';

const SPINNER = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const MARKS: Record<string, string> = {
  done: pc.green('✓'),
  skipped: pc.dim('-'),
  failed: pc.red('✗'),
  undone: pc.yellow('↺'),
};

/**
 * What a terminal shows of these updates at `now` (milliseconds since 1970): a heading and the steps of each, or one
 * line each where that wouldn't fit into `rows`.
 */
export function screenLines(updates: readonly WatchedUpdate[], now: number, rows: number): string[] {
  const full = updates.flatMap((update) => [headingOf(update), ...stepLines(update, now)]);
  if (full.length < rows) return full;
  const nameWidth = Math.max(...updates.map(({ containerName }) => containerName.length));
  const shown = updates.length < rows ? updates : whatMatters(updates).slice(0, rows - 2);
  const hidden = updates.filter((update) => !shown.includes(update));
  const short = shown.map((update) => {
    const state = isFinished(update) ? `  ${colouredStatus(update.status)}` : (stepLines(update, now).at(-1) ?? '');
    return `${update.containerName.padEnd(nameWidth)}${isQueued(update) ? queuedText(update) : state}`;
  });
  return hidden.length === 0 ? short : [...short, pc.dim(tellHidden(hidden))];
}

function isQueued(update: WatchedUpdate): boolean {
  return !update.begun && !isFinished(update);
}

function queuedText({ waitingFor }: WatchedUpdate): string {
  return pc.dim(`  queued  ${waitingFor ?? ''}`.trimEnd());
}

/** Those that have not ended: first what is going on, then what waits for its turn. */
function whatMatters(updates: readonly WatchedUpdate[]): WatchedUpdate[] {
  const open = updates.filter((update) => !isFinished(update));
  return [...open.filter((update) => !isQueued(update)), ...open.filter(isQueued)];
}

function tellHidden(hidden: readonly WatchedUpdate[]): string {
  const ended = hidden.filter(isFinished).length;
  const queued = hidden.filter(isQueued).length;
  const parts = [ended > 0 ? `${ended} ended` : '', queued > 0 ? `${queued} queued` : ''].filter((part) => part !== '');
  return `… and ${hidden.length} more${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`;
}

function headingOf(update: WatchedUpdate): string {
  const name = pc.bold(update.containerName);
  if (isQueued(update)) return `${name}${queuedText(update)}`;
  return isFinished(update) ? `${name}  ${colouredStatus(update.status)}  ${update.message ?? ''}`.trimEnd() : name;
}

function colouredStatus(status: WatchedUpdate['status']): string {
  if (status === 'success' || status === 'up_to_date') return pc.green(status);
  return status === 'rollback' ? pc.yellow(status) : status === 'failed' ? pc.red(status) : status;
}

function stepLines(update: WatchedUpdate, now: number): string[] {
  const latest = new Map<WatchedEvent['step'], WatchedEvent>();
  for (const event of update.events) latest.set(event.step, event);
  return [...latest.values()]
    .sort((one, other) => one.seq - other.seq)
    .map((event) =>
      `  ${markOf(event, update, now)} ${event.step.padEnd(8)}  ${tellStep(event, update, now)}`.trimEnd(),
    );
}

function markOf({ state }: WatchedEvent, update: WatchedUpdate, now: number): string {
  return (
    MARKS[state] ?? (isFinished(update) ? pc.dim('-') : pc.cyan(SPINNER[Math.floor(now / 100) % SPINNER.length] ?? ''))
  );
}

function tellStep(event: WatchedEvent, update: WatchedUpdate, now: number): string {
  if (event.state === 'done') return amountOf(event, update.events);
  if (event.state !== 'started' || isFinished(update)) return event.cause;
  const bytes = event.step === 'pull' && update.pull !== null ? pulled(update.pull) : '';
  return [formatDuration(Math.max(0, now - Date.parse(event.at))), bytes, update.waitingFor ?? event.cause]
    .filter((part) => part !== '')
    .join('  ');
}

function pulled({ bytesDone, bytesTotal }: NonNullable<WatchedUpdate['pull']>): string {
  return bytesTotal > 0 ? `${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}` : formatBytes(bytesDone);
}
