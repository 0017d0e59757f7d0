import { setTimeout as delay } from 'node:timers/promises';
import { formatClock } from '../output/amounts.ts';
import { eventLines, waitingLines } from './event-lines.ts';
import { LiveRegion } from './live-region.ts';
import { screenLines } from './screen-lines.ts';
import { isFinished, type WatchedUpdate } from './watched-update.ts';

export interface FollowOptions {
  /** Asks for the present state of an update. */
  read(updateId: string): Promise<WatchedUpdate>;
  output: NodeJS.WriteStream;
  /** Ends the following, not the updates. */
  signal: AbortSignal;
}

const POLL_MS = 200;
/** A server that is restarted meanwhile is back within this time; the updates go on by themselves. */
const PATIENCE_MS = 30_000;

/**
 * Shows how these updates go until all have ended or `signal` is aborted: redrawn in place on a terminal, else one line
 * per step. Answers with their last known states, in the order of `updateIds`.
 * @throws what `read` threw, when it failed for longer than half a minute.
 */
export async function followUpdates(updateIds: readonly string[], options: FollowOptions): Promise<WatchedUpdate[]> {
  const display = options.output.isTTY ? new ScreenDisplay(options.output) : new LineDisplay(options.output);
  const known = new Map<string, WatchedUpdate>();
  let lastAnswer = Date.now();
  const ofAll = () => updateIds.flatMap((id) => known.get(id) ?? []);
  const open = () => updateIds.filter((id) => !isFinished(known.get(id) ?? { status: 'running' }));
  try {
    while (open().length > 0 && !options.signal.aborted) {
      const answers = await Promise.allSettled(open().map((id) => options.read(id)));
      for (const answer of answers) if (answer.status === 'fulfilled') known.set(answer.value.updateId, answer.value);
      const failed = answers.find((answer) => answer.status === 'rejected');
      if (failed === undefined) lastAnswer = Date.now();
      else if (Date.now() - lastAnswer > PATIENCE_MS) throw failed.reason;
      display.show(ofAll());
      if (open().length > 0) await sleepUnlessAborted(options.signal);
    }
    return ofAll();
  } finally {
    display.end();
  }
}

async function sleepUnlessAborted(signal: AbortSignal): Promise<void> {
  try {
    await delay(POLL_MS, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

class ScreenDisplay {
  readonly #region: LiveRegion;
  #last: readonly WatchedUpdate[] = [];

  constructor(stream: NodeJS.WriteStream) {
    this.#region = new LiveRegion(stream);
  }

  show(updates: readonly WatchedUpdate[]): void {
    this.#last = updates;
    this.#region.draw(screenLines(updates, Date.now(), this.#region.rows));
  }

  end(): void {
    this.show(this.#last);
    this.#region.end();
  }
}

class LineDisplay {
  readonly #stream: NodeJS.WriteStream;
  readonly #told = new Map<string, number>();
  readonly #waits = new Map<string, string | null>();
  #queueTold = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(updates: readonly WatchedUpdate[]): void {
    const nameWidth = Math.max(0, ...updates.map(({ containerName }) => containerName.length));
    this.#tellQueue(updates);
    for (const update of updates) {
      const { updateId, containerName, events } = update;
      const lines = eventLines(containerName, events, { afterSeq: this.#told.get(updateId) ?? 0, nameWidth });
      if (update.waitingFor !== (this.#waits.get(updateId) ?? null)) lines.push(...waitingLines(update, nameWidth));
      for (const line of lines) this.#stream.write(`${line}\n`);
      this.#told.set(updateId, Math.max(0, ...events.map(({ seq }) => seq)));
      this.#waits.set(updateId, update.waitingFor);
    }
  }

  end(): void {
    this.#told.clear();
  }

  /** One line for all, since the log would otherwise begin with hundreds that say the same. */
  #tellQueue(updates: readonly WatchedUpdate[]): void {
    const queued = updates.filter(({ begun, status }) => !begun && status === 'waiting').length;
    if (this.#queueTold || queued === 0) return;
    this.#queueTold = true;
    this.#stream.write(
      `${formatClock(new Date().toISOString())} ${queued} of ${updates.length} wait for their turn.\n`,
    );
  }
}
