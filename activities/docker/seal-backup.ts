import { TypedFailure } from '../../contracts/failure-types.ts';
import type { Cipher } from '../../domain/cipher.ts';
import type { ContainerInspect, ImageInspect } from '../../domain/engine-types.ts';
import type { Engine } from './engine/engine.ts';
import { observeSwap, type Swap } from './swap.ts';

/** Everything that is needed to make the predecessor again; the inspects are encrypted, in base64. */
export interface SealedBackup {
  updateId: string;
  sealedInspect: string;
  sealedImageInspect: string;
  imageId: string;
  imageReference: string;
  keepTag: string;
  /** Names of the volumes that the container had mounted. */
  volumes: string[];
}

const inspectBinding = (updateId: string) => `update_backups:${updateId}:inspect`;
const imageBinding = (updateId: string) => `update_backups:${updateId}:image_inspect`;

/**
 * Step `backup`: takes both inspects, encrypted, and gives the old image a keeping tag so that no prune can take it.
 * @param swap with `keepTag` for a dependent, whose image isn't the one that the swap's own tag keeps
 * @throws TypedFailure `ContainerNotFound` when the predecessor is gone
 */
export async function sealBackup(
  engine: Engine,
  cipher: Cipher,
  swap: Swap & { keepTag?: string },
): Promise<SealedBackup> {
  const { predecessor, names } = await observeSwap(engine, swap);
  const keepTag = swap.keepTag ?? names.keepTag;
  if (predecessor === null) {
    throw new TypedFailure(
      'ContainerNotFound',
      `${swap.containerName} was removed by somebody before its backup was taken; nothing was changed.`,
    );
  }
  const image = await engine.inspectImage(predecessor.Image);
  if (image === null)
    throw new TypedFailure(
      'BackupMissing',
      `The image of ${swap.containerName} was removed before it could be kept; nothing was changed.`,
    );
  const [repository = '', tag = ''] = keepTag.split(':');
  await engine.tagImage(image.Id, repository, tag);
  const seal = (value: unknown, binding: string) =>
    Buffer.from(cipher.seal(Buffer.from(JSON.stringify(value)), binding)).toString('base64');
  return {
    updateId: swap.updateId,
    sealedInspect: seal(predecessor, inspectBinding(swap.updateId)),
    sealedImageInspect: seal(image, imageBinding(swap.updateId)),
    imageId: image.Id,
    imageReference: predecessor.Config.Image ?? image.Id,
    keepTag,
    volumes: predecessor.Mounts.flatMap((mount) =>
      mount.Type === 'volume' && mount.Name !== undefined ? [mount.Name] : [],
    ),
  };
}

/** Opens what `sealBackup` made. @throws Error when the key is another or the backup was changed */
export function openBackup(cipher: Cipher, backup: SealedBackup): { container: ContainerInspect; image: ImageInspect } {
  const open = (sealed: string, binding: string): unknown =>
    JSON.parse(Buffer.from(cipher.open(Buffer.from(sealed, 'base64'), binding)).toString('utf8'));
  return {
    container: open(backup.sealedInspect, inspectBinding(backup.updateId)) as ContainerInspect,
    image: open(backup.sealedImageInspect, imageBinding(backup.updateId)) as ImageInspect,
  };
}
