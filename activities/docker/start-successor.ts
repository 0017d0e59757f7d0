import { TypedFailure } from '../../contracts/failure-types.ts';
import type { ContainerInspect } from '../../domain/engine-types.ts';
import type { Engine } from './engine/engine.ts';
import { renameIfThere } from './give-name-back.ts';
import { startedAt } from './started-at.ts';
import { type ObservedSwap, observeSwap, plainName, type Swap } from './swap.ts';
import { type CarriedLayer, carryLayer } from './writable-layer/carry-layer.ts';

export interface StartSuccessorInput {
  swap: Swap;
  /** False for a container that was stopped: it stays so, only the names are swapped. */
  run: boolean;
  /** Whether what the stopped predecessor holds outside its mounts is copied before the start. Absent means no. */
  carryLayer?: boolean;
}

export interface StartedSuccessor {
  /** Host's clock, milliseconds since the epoch: when the engine reported it started. */
  startedAtMs: number;
  /** Whether it ran when it had got the name. */
  running: boolean;
  /** What was copied; null where nothing was to be. Absent in results of older versions. */
  carried?: CarriedLayer | null;
}

/** Between stop and start nothing writes into the predecessor, so what is copied now is exact. */
function carryOver(
  engine: Engine,
  predecessor: ContainerInspect | null,
  successorId: string,
  name: string,
): Promise<CarriedLayer> {
  if (predecessor === null) {
    throw new TypedFailure(
      'ContainerNotFound',
      `${name} was removed by somebody before what it held outside its volumes could be taken along.`,
    );
  }
  return carryLayer(engine, predecessor, successorId, name);
}

/** An engine can't rename a container between two restarts. Its health decides then, and the commit names it. */
async function takeName(engine: Engine, id: string, name: string): Promise<void> {
  try {
    await engine.renameContainer(id, name);
  } catch (error) {
    if ((await engine.inspectContainer(id))?.State.Restarting !== true) throw error;
  }
}

/**
 * Step `start`: starts the successor while the stopped predecessor gives up the name, then gives it to the successor. In
 * this order nobody waits for the renames; the published ports serve again as soon as the start returns.
 * @throws TypedFailure `CreateRejected` when the engine can't start it (port taken, no such command…)
 */
export async function startSuccessor(engine: Engine, input: StartSuccessorInput): Promise<StartedSuccessor> {
  return startObserved(engine, await observeSwap(engine, input.swap), input);
}

/** The same when the swap was just looked at. */
export async function startObserved(
  engine: Engine,
  { names, predecessor, successor }: ObservedSwap,
  { run, carryLayer: carries = false }: Omit<StartSuccessorInput, 'swap'>,
): Promise<StartedSuccessor> {
  if (successor === null) {
    throw new TypedFailure(
      'ContainerNotFound',
      `The successor of ${names.name} was removed by somebody before it was started.`,
    );
  }
  // Before the renames, which would wait: the engine locks a container as long as its files are read.
  const carried =
    carries && successor.State.Status === 'created'
      ? await carryOver(engine, predecessor, successor.Id, names.name)
      : null;
  // An attempt before this one may have started it, and a one-shot must not do its work twice.
  const startedBefore = successor.State.Status !== 'created';
  const beganMs = Date.now();
  const startAndTell = async (): Promise<number> => {
    if (run && !startedBefore) await engine.startContainer(successor.Id);
    return Date.now();
  };
  const stepAside = async (): Promise<void> => {
    if (predecessor === null || plainName(predecessor) !== names.name) return;
    await renameIfThere(engine, predecessor.Id, names.predecessorName);
  };
  // Both are waited for even when one fails: what follows must find nothing half done by this.
  const [started, aside] = await Promise.allSettled([startAndTell(), stepAside()]);
  if (started.status === 'rejected') throw started.reason;
  if (aside.status === 'rejected') throw aside.reason;
  if (plainName(successor) !== names.name) await takeName(engine, successor.Id, names.name);
  const named = await engine.inspectContainer(successor.Id);
  const startedAtMs = startedBefore ? Date.parse(successor.State.StartedAt) : startedAt(named, beganMs, started.value);
  return { startedAtMs, running: named?.State.Status === 'running', carried };
}
