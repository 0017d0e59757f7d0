/** Runs work under a bound; the rest waits in order. */
export type ConcurrencyLimit = <Answer>(work: () => Promise<Answer>) => Promise<Answer>;

/** A bound of `maximum` pieces of work at a time. */
export function createConcurrencyLimit(maximum: number): ConcurrencyLimit {
  let running = 0;
  const waiting: Array<() => void> = [];

  return async (work) => {
    if (running >= maximum) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // The place is handed on, so a newcomer can't slip in between.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
