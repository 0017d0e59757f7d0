import type { StepState, StepTiming, UpdateEvent, UpdateStep } from '../../contracts/update.ts';

type EventStep = UpdateEvent['step'];

interface StepEnd {
  cause: string;
  detail?: Record<string, unknown>;
  state?: StepState;
  milliseconds?: number;
}

/** The steps of one update as they happen: what the history stores and the progress query answers. */
export class Timeline {
  readonly events: UpdateEvent[] = [];
  readonly timings: StepTiming[] = [];
  current: UpdateStep | 'rollback' = 'inspect';
  #stored = 0;
  /** Where the next step began, when the last one told its own length; milliseconds since the epoch. */
  #resumeAtMs: number | null = null;

  /** Adds a line. `cause` says why in one plain sentence. */
  record(
    step: EventStep,
    state: StepState,
    cause: string,
    detail: Record<string, unknown> = {},
    atMs: number = Date.now(),
  ): void {
    this.events.push({ seq: this.events.length + 1, step, state, cause, detail, at: new Date(atMs).toISOString() });
  }

  /**
   * Runs one step between its two lines. A failure is a line as well, and is thrown on.
   * @param finish words the step's end from what it returned; `milliseconds` where one answer told of two steps: this one
   * then ended that long after its start, and the next one began there
   */
  async step<Answer>(
    step: UpdateStep,
    cause: string,
    run: () => Promise<Answer>,
    finish: (answer: Answer) => StepEnd,
  ): Promise<Answer> {
    this.current = step;
    const startedAtMs = this.#resumeAtMs ?? Date.now();
    this.#resumeAtMs = null;
    this.record(step, 'started', cause, {}, startedAtMs);
    try {
      const answer = await run();
      const end = finish(answer);
      if (end.milliseconds !== undefined) this.#resumeAtMs = Math.min(startedAtMs + end.milliseconds, Date.now());
      this.record(step, end.state ?? 'done', end.cause, end.detail, this.#resumeAtMs ?? Date.now());
      return answer;
    } catch (error) {
      this.record(step, 'failed', error instanceof Error ? rootMessage(error) : String(error));
      throw error;
    } finally {
      this.timings.push({ step, milliseconds: (this.#resumeAtMs ?? Date.now()) - startedAtMs });
    }
  }

  /** The lines that are not known to be stored. Storing one twice is harmless. */
  unstored(): UpdateEvent[] {
    return this.events.slice(this.#stored);
  }

  /** Marks these as stored, once the database has said so. */
  markStored(events: UpdateEvent[]): void {
    this.#stored = Math.max(this.#stored, events.at(-1)?.seq ?? 0);
  }
}

/** The innermost message of a failure: the outer ones only say that an activity failed. */
function rootMessage(error: Error): string {
  let innermost = error;
  while (innermost.cause instanceof Error) innermost = innermost.cause;
  return innermost.message;
}
