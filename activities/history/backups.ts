import type { UpdateEvent } from '../../contracts/update.ts';
import type { Repositories } from '../../db/repositories/repositories.ts';
import { parseImageReference, repositoryName } from '../../domain/image-reference.ts';
import type { SealedBackup } from '../docker/seal-backup.ts';

export interface SaveBackupInput {
  tenantId: string;
  /** Id of the container's row. */
  containerId: string;
  digest: string | null;
  backup: SealedBackup;
  /** Lines of the timeline that are not stored yet; they go the same way. */
  events: UpdateEvent[];
}

/** Stores what is needed to make the predecessor again. Repeating it changes nothing. */
export async function saveBackup(repositories: Repositories, input: SaveBackupInput): Promise<void> {
  const { sealedInspect, sealedImageInspect, ...rest } = input.backup;
  await repositories.updates.appendEvents(rest.updateId, input.tenantId, input.events);
  await repositories.backups.save({
    ...rest,
    tenantId: input.tenantId,
    containerId: input.containerId,
    digest: input.digest,
    sealedInspect: Buffer.from(sealedInspect, 'base64'),
    sealedImageInspect: Buffer.from(sealedImageInspect, 'base64'),
  });
}

/** What an earlier update kept, and how to get its image where it is gone. */
export interface KeptPredecessor {
  backup: SealedBackup;
  digest: string | null;
  /** By digest, for a pull; null when no registry knows the image. */
  pullReference: string | null;
  /** The human tag that goes back onto the image, or null. */
  tagReference: string | null;
}

/** @returns null when that update has no backup */
export async function loadBackup(repositories: Repositories, updateId: string): Promise<KeptPredecessor | null> {
  const kept = await repositories.backups.get(updateId);
  if (kept === null) return null;
  const parsed = parseImageReference(kept.imageReference);
  const reference = parsed.ok ? parsed.reference : null;
  return {
    backup: {
      updateId: kept.updateId,
      sealedInspect: Buffer.from(kept.sealedInspect).toString('base64'),
      sealedImageInspect: Buffer.from(kept.sealedImageInspect).toString('base64'),
      imageId: kept.imageId,
      imageReference: kept.imageReference,
      keepTag: kept.keepTag,
      volumes: kept.volumes,
    },
    digest: kept.digest,
    pullReference: reference === null || kept.digest === null ? null : `${repositoryName(reference)}@${kept.digest}`,
    tagReference:
      reference === null || reference.tag === null || reference.digest !== null
        ? null
        : `${repositoryName(reference)}:${reference.tag}`,
  };
}
