import type { StepState, StepTiming, UpdateEvent, UpdateStep } from '../../contracts/update.ts';

type EventStep = UpdateEvent['step'];

/** The steps of one update as they happen: what the history stores and the progress query answers. */
export class Timeline {
  readonly events: UpdateEvent[] = [];
  readonly timings: StepTiming[] = [];
  current: UpdateStep | 'rollback' = 'inspect';
  #stored = 0;

  /** Adds a line. `cause` says why in one plain sentence. */
  record(step: EventStep, state: StepState, cause: string, detail: Record<string, unknown> = {}): void {
    this.events.push({ seq: this.events.length + 1, step, state, cause, detail, at: new Date().toISOString() });
  }

  /**
   * Runs one step between its two lines. A failure is a line as well, and is thrown on.
   * @param finish words the step's end from what it returned
   */
  async step<Answer>(
    step: UpdateStep,
    cause: string,
    run: () => Promise<Answer>,
    finish: (answer: Answer) => { cause: string; detail?: Record<string, unknown>; state?: StepState },
  ): Promise<Answer> {
    this.current = step;
    const startedAt = Date.now();
    this.record(step, 'started', cause);
    try {
      const answer = await run();
      const end = finish(answer);
      this.record(step, end.state ?? 'done', end.cause, end.detail);
      return answer;
    } catch (error) {
      this.record(step, 'failed', error instanceof Error ? rootMessage(error) : String(error));
      throw error;
    } finally {
      this.timings.push({ step, milliseconds: Date.now() - startedAt });
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
