import { setTimeout as delay } from 'node:timers/promises';

/**
 * The promise's value, or a rejection once `milliseconds` have passed; the promise itself is left to its own end.
 * @throws Error that says how long was waited.
 */
export async function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value> {
  const done = new AbortController();
  const tooLate = delay(milliseconds, undefined, { signal: done.signal }).then(() => {
    throw new Error(`no answer within ${milliseconds} ms`);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    // Whoever lost the race must not end the program by rejecting unheard.
    tooLate.catch(() => undefined);
    promise.catch(() => undefined);
    done.abort();
  }
}
