import { EXIT_INTERRUPTED } from './output/exit-codes.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Within this time a further signal is the same one that came a second way (terminal and npm both send it). */
const SAME_SIGNAL_MS = 1000;

/** A command was asked to stop before it had its result. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

/**
 * A signal that is aborted when this process is asked to stop, or when the process that started it is gone. Asked a
 * second time, the process ends at once; what is left behind is cleaned up by the next start.
 */
export function watchInterruption(): AbortSignal {
  const interruption = new AbortController();
  let firstAt = 0;
  const stop = () => {
    if (!interruption.signal.aborted) {
      firstAt = Date.now();
      interruption.abort();
    } else if (Date.now() - firstAt > SAME_SIGNAL_MS) {
      process.exit(EXIT_INTERRUPTED);
    }
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  if (process.channel !== undefined) {
    process.once('disconnect', stop);
    // Listening must not keep a finished command alive.
    process.channel?.unref();
  }
  return interruption.signal;
}
