export interface PeriodicJob {
  /** Completes "could not": such as `look for lost updates`. */
  name: string;
  /** Milliseconds until its first run, and from the end of one run to the next. */
  firstAfterMs: number;
  everyMs: number;
  /** @param signal aborts when the program stops */
  run(signal: AbortSignal): Promise<void>;
}

export interface RunningJob {
  /** Waits for a run that is under way, which is told to end. */
  stop(): Promise<void>;
}

/**
 * Runs a job again and again, never twice at once. One that fails is told of when it begins to fail and when it works
 * again, not each time: what it needs may be away for hours.
 */
export function periodically(job: PeriodicJob, log: (line: string) => void): RunningJob {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let failing = false;

  const once = async (): Promise<void> => {
    try {
      await job.run(stopping.signal);
      if (failing) log(`It is possible again to ${job.name}.`);
      failing = false;
    } catch (error) {
      if (stopping.signal.aborted) return;
      if (!failing) log(`It is not possible to ${job.name} now; it is tried again and again: ${String(error)}`);
      failing = true;
    }
    schedule(job.everyMs);
  };
  let timer: NodeJS.Timeout | undefined;
  const schedule = (afterMs: number): void => {
    if (stopping.signal.aborted) return;
    timer = setTimeout(() => {
      running = once();
    }, afterMs);
  };
  schedule(job.firstAfterMs);

  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
