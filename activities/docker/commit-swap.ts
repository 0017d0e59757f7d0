import { TypedFailure } from '../../contracts/failure-types.ts';
import type { RestartPolicy } from '../../domain/engine-types.ts';
import type { Engine } from './engine/engine.ts';
import { persistently, renameIfThere } from './give-name-back.ts';
import { type KeptImage, releaseImages } from './release-images.ts';
import { observeSwap, plainName, type Swap } from './swap.ts';

export interface CommitSwapInput {
  swap: Swap;
  restartPolicy: RestartPolicy;
  paused: boolean;
  /** Older images that are given up now that this one proved itself. */
  superseded: KeptImage[];
}

/**
 * Step `commit`: the successor gets the last of what it must have, then the predecessor is removed (its volumes
 * stay: they are the successor's now), and older kept images are given up.
 * @throws TypedFailure `ContainerNotFound` when the successor is gone; the predecessor is then kept
 */
export async function commitSwap(engine: Engine, input: CommitSwapInput): Promise<void> {
  const { names, predecessor, successor } = await observeSwap(engine, input.swap);
  if (successor === null) {
    throw new TypedFailure(
      'ContainerNotFound',
      `${names.name} was removed by somebody before its update was committed; its predecessor is kept as ${names.predecessorName}.`,
    );
  }
  const policy = successor.HostConfig.RestartPolicy;
  const wanted = input.restartPolicy;
  if (successor.HostConfig.AutoRemove !== true && (policy?.Name || 'no') !== (wanted.Name || 'no')) {
    await persistently(() => engine.setRestartPolicy(successor.Id, wanted));
  }
  // Somebody may have renamed it, or it could not be named while it was restarting; the predecessor goes only when the
  // service is found under its name.
  if (plainName(successor) !== names.name) await persistently(() => renameIfThere(engine, successor.Id, names.name));
  if (input.paused && !successor.State.Paused) await engine.pauseContainer(successor.Id);
  // A busy disk refuses for a moment.
  const removal =
    predecessor === null
      ? Promise.resolve()
      : persistently(() => engine.removeContainer(predecessor.Id, { anonymousVolumes: false }));
  // The engine keeps an image that a container uses; the others needn't wait. Both are waited for even when one fails.
  const inUse = input.superseded.filter(({ imageId }) => imageId === predecessor?.Image);
  const others = input.superseded.filter((image) => !inUse.includes(image));
  const [removed, released] = await Promise.allSettled([
    removal.then(() => releaseImages(engine, inUse)),
    releaseImages(engine, others),
  ]);
  if (removed.status === 'rejected') throw removed.reason;
  if (released.status === 'rejected') throw released.reason;
}
