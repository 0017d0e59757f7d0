type Cleanup = () => Promise<void>;

const cleanups = new Set<Cleanup>();
const EXIT_INTERRUPTED = 130;

async function cleanUpAndExit(): Promise<void> {
  // Last made, first removed: a program goes before the engine that it talks to.
  for (const cleanup of [...cleanups].toReversed()) {
    await cleanup().catch((error: unknown) => console.error(`left behind: ${String(error)}`));
  }
  process.exit(EXIT_INTERRUPTED);
}

/**
 * Has something removed also when the run is interrupted, where no `finally` and no `afterAll` is reached.
 * @returns takes it back, once it was removed in good order
 */
export function onInterrupt(cleanup: Cleanup): () => void {
  if (cleanups.size === 0) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, cleanUpAndExit);
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, cleanUpAndExit);
  };
}
