import { TypedFailure } from '../../contracts/failure-types.ts';
import type { Cipher } from '../../domain/cipher.ts';
import type { ContainerInspect, RestartPolicy } from '../../domain/engine-types.ts';
import { settleReference } from './at-reference.ts';
import { guardTagOf, recreateFromBackup } from './create-successor.ts';
import type { Engine } from './engine/engine.ts';
import { giveNameBack, persistently, renameIfThere } from './give-name-back.ts';
import { type Moved, refersToMoved } from './look-around.ts';
import { openBackup, type SealedBackup } from './seal-backup.ts';
import { startedAt } from './started-at.ts';
import { stopObserved } from './stop-predecessor.ts';
import { observeSwap, plainName, type Swap } from './swap.ts';
import { carryLayer } from './writable-layer/carry-layer.ts';

export interface RevivePredecessorInput {
  swap: Swap;
  run: boolean;
  /** It was paused and is to be so again. */
  pause: boolean;
  restartPolicy: RestartPolicy;
  backup: SealedBackup;
  /** For a dependent of a container that came back with another id; absent otherwise. */
  moved?: Moved;
  /** Whether what it holds outside its mounts is taken along where it has to be made again. Absent means no. */
  carryLayer?: boolean;
}

export interface RevivedPredecessor {
  containerId: string;
  startedAtMs: number;
  /** Restarts that it had so far, so that only later ones count against it. */
  restartCount: number;
  /** True when it was gone and had to be made again from the backup. */
  recreated: boolean;
}

/** States of a container that can't be started any more. */
const LEAVING = new Set(['removing', 'dead']);

/** `/provider:/dependent/alias`, as an inspect has it. */
function partsOfLink(link: string): { target: string; alias: string } {
  return { target: link.replace(/^\//, '').split(':')[0] ?? '', alias: link.slice(link.search(/[^/:]*$/)) };
}

/** A link stays with the container that it was made for, under whatever name; one that is gone leaves it pointing nowhere. */
async function hasLostLink(engine: Engine, predecessor: ContainerInspect, backup: ContainerInspect): Promise<boolean> {
  const present = (predecessor.HostConfig.Links ?? []).map(partsOfLink);
  for (const { alias } of (backup.HostConfig.Links ?? []).map(partsOfLink)) {
    const link = present.find((candidate) => candidate.alias === alias);
    const found = link === undefined ? null : await engine.inspectContainer(link.target);
    if (found === null || plainName(found) !== link?.target) return true;
  }
  return false;
}

/** Whether something that it refers to came back as another container, so that it must be made again as well. */
async function isCutOff(
  engine: Engine,
  cipher: Cipher,
  predecessor: ContainerInspect,
  { moved = {}, backup }: RevivePredecessorInput,
): Promise<boolean> {
  if (Object.keys(moved).length === 0) return false;
  return refersToMoved(predecessor, moved) || hasLostLink(engine, predecessor, openBackup(cipher, backup).container);
}

/**
 * Whether a twin that was never started needs nothing any more: only this step takes its original away, as the last thing
 * after the copying. One that removes itself may be gone for another reason, and had nothing copied.
 */
function isFinished(twin: ContainerInspect, backup: ContainerInspect): boolean {
  if (backup.HostConfig.AutoRemove === true) return false;
  return Object.keys(backup.NetworkSettings.Networks).every((network) => network in twin.NetworkSettings.Networks);
}

/** Where it can't be taken along for good, everything is put back for a person: the files are nowhere else. */
async function takeLayerAlong(engine: Engine, predecessor: ContainerInspect, id: string, name: string): Promise<void> {
  try {
    await carryLayer(engine, predecessor, id, name);
  } catch (error) {
    if (!(error instanceof TypedFailure) || error.type !== 'Unreproducible') throw error;
    await engine.removeContainer(id, { anonymousVolumes: true });
    await renameIfThere(engine, predecessor.Id, name);
    throw new TypedFailure(
      'Unreproducible',
      `${name} hung on a container that is gone and has to be made again, but ${error.message} It is kept under its name, stopped: copy its files out with docker cp, then make it again.`,
      { cause: error },
    );
  }
}

async function findOrRecreate(
  engine: Engine,
  cipher: Cipher,
  input: RevivePredecessorInput,
): Promise<{ container: ContainerInspect; recreated: boolean }> {
  const { names, predecessor, successor } = await observeSwap(engine, input.swap);
  const moved = input.moved ?? {};
  const leaving = predecessor !== null && LEAVING.has(predecessor.State.Status);
  if (predecessor !== null && !leaving && !(await isCutOff(engine, cipher, predecessor, input)))
    return { container: predecessor, recreated: false };
  const made = async (container: ContainerInspect) => {
    const { imageReference: reference } = input.backup;
    await settleReference(engine, { reference, guardTag: guardTagOf(input.swap, reference) });
    if (predecessor !== null) await engine.removeContainer(predecessor.Id, { anonymousVolumes: false });
    return { container, recreated: true };
  };
  // Its removal may be under way, or have got stuck in the middle; until it is through its name is taken.
  if (predecessor !== null && leaving) await engine.removeContainer(predecessor.Id, { anonymousVolumes: false });
  // What it refers to is gone for good: it makes room for one that refers to the present container.
  else if (predecessor !== null && plainName(predecessor) !== names.predecessorName)
    await renameIfThere(engine, predecessor.Id, names.predecessorName);
  // Stopped as its owner would have it: nothing may write any more into what is copied.
  if (predecessor !== null && !leaving && predecessor.HostConfig.AutoRemove !== true)
    await stopObserved(engine, { names, predecessor, successor }, predecessor.Id);
  // An earlier attempt of this step may have made it already.
  const holder = await engine.inspectContainer(names.name);
  const others: Array<string | null> = [input.swap.predecessorId, input.swap.successorId];
  if (holder !== null && plainName(holder) === names.name && !others.includes(holder.Id)) {
    const started = holder.State.Status !== 'created';
    const finished =
      (predecessor === null || leaving) && isFinished(holder, openBackup(cipher, input.backup).container);
    if (holder.Image === input.backup.imageId && (started || finished)) return made(holder);
    // Half made, or the copying into it broke off; what it holds the predecessor has as well.
    if (holder.Image === input.backup.imageId) await engine.removeContainer(holder.Id, { anonymousVolumes: true });
    else
      throw new TypedFailure(
        'CreateRejected',
        `${names.name} is gone, and another container (${holder.Id.slice(0, 12)}) has its name now. Rename that one; the old image is kept as ${names.keepTag}.`,
      );
  }
  const id = await recreateFromBackup(engine, cipher, input.swap, input.backup, moved);
  if (predecessor !== null && !leaving && input.carryLayer === true)
    await takeLayerAlong(engine, predecessor, id, names.name);
  const container = await engine.inspectContainer(id);
  if (container === null)
    throw new TypedFailure(
      'ContainerNotFound',
      `${names.name} vanished right after it was made again from its backup.`,
    );
  return made(container);
}

/** Undoes step `stop`: the predecessor, or its twin from the backup, runs again under its restart policy. */
export async function revivePredecessor(
  engine: Engine,
  cipher: Cipher,
  input: RevivePredecessorInput,
): Promise<RevivedPredecessor> {
  // A successor that removes itself may hold the name for a moment longer.
  const { container, recreated } = await persistently(() => findOrRecreate(engine, cipher, input));
  const beganMs = Date.now();
  const [start] = await Promise.allSettled([
    input.run && !container.State.Paused ? persistently(() => engine.startContainer(container.Id)) : undefined,
  ]);
  // An attempt before this one may have started it.
  const startedBeforeMs = container.State.Running ? Date.parse(container.State.StartedAt) : null;
  const endedMs = Date.now();
  // Also of one that does not start: whoever looks after it must find it under its name and with its policy.
  if (container.HostConfig.AutoRemove !== true)
    await persistently(() => engine.setRestartPolicy(container.Id, input.restartPolicy));
  // The successor's retirement may have failed; the name must not stay with it for that.
  await giveNameBack(engine, input.swap);
  if (start.status === 'rejected') throw start.reason;
  if (input.pause && !container.State.Paused) await engine.pauseContainer(container.Id);
  const revived = await engine.inspectContainer(container.Id);
  return {
    containerId: container.Id,
    startedAtMs: startedBeforeMs ?? startedAt(revived, beganMs, endedMs),
    restartCount: revived?.RestartCount ?? 0,
    recreated,
  };
}
