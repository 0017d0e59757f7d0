import { Context } from '@temporalio/activity';

const HEARTBEAT_EVERY_MS = 2_000;

/**
 * Runs something that waits for others while telling the workflow server that we live, so that after our death the step is taken up
 * again within seconds instead of at its time-out. `details` are what a next attempt, or a watcher, can read.
 */
export async function heartbeating<Answer>(run: () => Promise<Answer>, details?: () => unknown): Promise<Answer> {
  const context = Context.current();
  // One that runs beside its workflow dies with it, and the server knows nothing of it.
  if (context.info.isLocal) return run();
  const beat = () => context.heartbeat(details?.());
  // A first one without anything to tell would hold back the next, which has something: they are throttled.
  if (details === undefined || details() !== undefined) beat();
  const timer = setInterval(beat, HEARTBEAT_EVERY_MS);
  try {
    return await run();
  } finally {
    clearInterval(timer);
  }
}
