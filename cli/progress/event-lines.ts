import { formatBytes, formatClock, formatDuration } from '../output/amounts.ts';
import type { WatchedEvent, WatchedUpdate } from './watched-update.ts';

function stepMilliseconds(event: WatchedEvent, events: readonly WatchedEvent[]): number | null {
  const start = events.findLast(
    ({ step, state, seq }) => step === event.step && state === 'started' && seq < event.seq,
  );
  return start === undefined ? null : Date.parse(event.at) - Date.parse(start.at);
}

/** How much a step did and how long it took, such as `3.1 MB in 0.4 s`; empty when neither is known. */
export function amountOf(event: WatchedEvent, events: readonly WatchedEvent[]): string {
  const milliseconds = stepMilliseconds(event, events);
  const time = milliseconds === null ? '' : formatDuration(milliseconds);
  const bytes = event.detail.bytesDone ?? event.detail.bytes ?? event.detail.bytesTotal;
  if (typeof bytes !== 'number') return time;
  return time === '' ? formatBytes(bytes) : `${formatBytes(bytes)} in ${time}`;
}

/**
 * The lines for the events after number `afterSeq`, one per step that ended, waits or was undone, such as
 * `12:00:01 web  pull      done      3.1 MB in 0.4 s`. That a step started is not told: its end says how long it took.
 */
export function eventLines(
  containerName: string,
  events: readonly WatchedEvent[],
  { afterSeq = 0, nameWidth = 0 }: { afterSeq?: number; nameWidth?: number } = {},
): string[] {
  return events
    .filter(({ seq, state }) => seq > afterSeq && state !== 'started')
    .map((event) => {
      const amount = event.state === 'done' ? amountOf(event, events) : '';
      const told = [amount, event.cause].filter((part) => part !== '').join('  ');
      return lineOf({ ...event, containerName, nameWidth, told });
    });
}

/** The line for what an update waits for at this moment, such as `12:00:05 web  check  waiting  registry refused …, try 3`. */
export function waitingLines({ containerName, step, waitingFor }: WatchedUpdate, nameWidth: number): string[] {
  if (waitingFor === null) return [];
  const at = new Date().toISOString();
  return [lineOf({ at, containerName, nameWidth, step: step ?? '', state: 'waiting', told: waitingFor })];
}

interface Line {
  at: string;
  containerName: string;
  nameWidth: number;
  step: string;
  state: string;
  told: string;
}

function lineOf({ at, containerName, nameWidth, step, state, told }: Line): string {
  const columns = [containerName.padEnd(nameWidth), step.padEnd(8), state.padEnd(8), told];
  return `${formatClock(at)} ${columns.join('  ')}`.trimEnd();
}
