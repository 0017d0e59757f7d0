import type { InferEntity } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { UpdateBackup } from '../entities/update-backup.ts';
import type { BackupRecord, SealedBackup } from '../read-models.ts';

export interface NewBackup {
  updateId: string;
  tenantId: string;
  /** Id of the container's row. */
  containerId: string;
  /** Inspect of the container, sealed by the caller. */
  sealedInspect: Uint8Array;
  /** Inspect of its image, sealed by the caller. */
  sealedImageInspect: Uint8Array;
  imageId: string;
  digest: string | null;
  imageReference: string;
  /** The tag that keeps the image from being pruned. */
  keepTag: string;
  volumes: string[];
}

/** What updates keep of their predecessors. */
export function createBackupRepository(em: EntityManager) {
  return {
    /** Saves an update's backup once: the first one stands, since a later inspect may show a half swapped container. */
    async save(backup: NewBackup): Promise<void> {
      const { sealedInspect, sealedImageInspect, ...rest } = backup;
      await em
        .fork()
        .createQueryBuilder(UpdateBackup)
        .insert({ ...rest, inspect: sealedInspect, imageInspect: sealedImageInspect })
        .onConflict('updateId')
        .ignore()
        .execute('run');
    },

    async get(updateId: string): Promise<SealedBackup | null> {
      const row = await em.fork().findOne(UpdateBackup, { updateId }, { populate: ['inspect', 'imageInspect'] });
      return row && { ...toBackupRecord(row), sealedInspect: row.inspect, sealedImageInspect: row.imageInspect };
    },

    /** All backups of a container (by its row's id), newest first, released ones too. */
    async listForContainer(containerId: string): Promise<BackupRecord[]> {
      const rows = await em
        .fork()
        .find(UpdateBackup, { containerId }, { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
      return rows.map(toBackupRecord);
    },

    /** Records that the kept image was given up; the first time stands. */
    async markReleased(updateId: string): Promise<void> {
      await em.fork().nativeUpdate(UpdateBackup, { updateId, releasedAt: null }, { releasedAt: new Date() });
    },

    /** Forgets an update's backup; one that is not there is a success. */
    async remove(updateId: string): Promise<void> {
      await em.fork().nativeDelete(UpdateBackup, { updateId });
    },
  };
}

function toBackupRecord(row: InferEntity<typeof UpdateBackup>): BackupRecord {
  return {
    id: row.id,
    updateId: row.updateId,
    tenantId: row.tenantId,
    containerId: row.containerId,
    imageId: row.imageId,
    digest: row.digest,
    imageReference: row.imageReference,
    keepTag: row.keepTag,
    volumes: row.volumes,
    createdAt: row.createdAt,
    releasedAt: row.releasedAt,
  };
}
