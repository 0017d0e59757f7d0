import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/**
 * Waits for something that is bound to come.
 * @throws Error naming it when it didn't come in time
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  for (const deadline = Date.now() + withinMs; !(await condition()); ) {
    if (Date.now() > deadline) throw new Error(`${what} did not come about within ${withinMs / 1000} s`);
    await delay(LOOK_EVERY_MS);
  }
}
