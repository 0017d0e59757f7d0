import type { Engine } from './engine/engine.ts';
import { type ObservedSwap, observeSwap, type Swap } from './swap.ts';

const NANOSECONDS_PER_MS = 1_000_000;

export interface StoppedPredecessor {
  /** Host's clock, milliseconds since the epoch: when it stopped serving. */
  stoppedAtMs: number;
}

/** When one that removes itself stopped, in an attempt whose answer was lost: as its engine remembers it, else now. */
async function endOfVanished(engine: Engine, id: string): Promise<number> {
  const death = (await engine.pastEvents(id)).events.findLast(({ Action }) => Action === 'die');
  return death === undefined ? Date.now() : Math.round(death.timeNano / NANOSECONDS_PER_MS);
}

/**
 * Step `stop`: with restart policy `no` first (else a restarted engine would revive it next to its successor), then
 * with the container's own signal and time-out. A predecessor that is stopped, or gone because it removes itself, is
 * done.
 */
export async function stopPredecessor(engine: Engine, swap: Swap): Promise<StoppedPredecessor> {
  return stopObserved(engine, await observeSwap(engine, swap), swap.predecessorId);
}

/** The same when the swap was just looked at. */
export async function stopObserved(
  engine: Engine,
  { predecessor }: ObservedSwap,
  predecessorId: string,
): Promise<StoppedPredecessor> {
  if (predecessor === null) return { stoppedAtMs: await endOfVanished(engine, predecessorId) };
  const policy = predecessor.HostConfig.RestartPolicy?.Name || 'no';
  if (policy !== 'no' && predecessor.HostConfig.AutoRemove !== true)
    await engine.setRestartPolicy(predecessor.Id, { Name: 'no' });
  if (!predecessor.State.Running && !predecessor.State.Restarting) {
    const finished = Date.parse(predecessor.State.FinishedAt ?? '');
    return { stoppedAtMs: Number.isNaN(finished) ? Date.now() : finished };
  }
  // A frozen process can't answer its stop signal and would be killed at the time-out.
  if (predecessor.State.Paused) await engine.unpauseContainer(predecessor.Id);
  const stoppedAtMs = Date.now();
  await engine.stopContainer(predecessor.Id);
  return { stoppedAtMs };
}
