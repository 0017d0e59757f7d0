import type { EntityManager } from '@mikro-orm/postgresql';
import { QuarantinedDigest } from '../entities/quarantined-digest.ts';
import type { QuarantineRecord } from '../read-models.ts';
import { isUuid } from '../uuid.ts';

/** Digests that failed for a container. They get in by `updates.close` only. */
export function createQuarantineRepository(em: EntityManager) {
  return {
    /** Whether that digest failed for that container (by its row's id), by which update and why. */
    async find(
      containerId: string,
      digest: string,
    ): Promise<{ updateId: string; reason: string; createdAt: Date } | null> {
      const row = await em.fork().findOne(QuarantinedDigest, { container: containerId, digest });
      return row && { updateId: row.updateId, reason: row.reason, createdAt: row.createdAt };
    },

    /** All digests that failed for a container, by its row's id. */
    async ofContainer(containerId: string): Promise<Array<{ digest: string; reason: string; createdAt: Date }>> {
      const rows = await em.fork().find(QuarantinedDigest, { container: containerId });
      return rows.map(({ digest, reason, createdAt }) => ({ digest, reason, createdAt }));
    },

    async list(tenantId: string): Promise<QuarantineRecord[]> {
      const rows = await em
        .fork()
        .find(QuarantinedDigest, { tenantId }, { populate: ['container'], orderBy: { createdAt: 'desc' } });
      return rows.map((row) => ({
        id: row.id,
        containerId: row.container.id,
        containerName: row.container.$.name,
        digest: row.digest,
        updateId: row.updateId,
        reason: row.reason,
        createdAt: row.createdAt,
      }));
    },

    /** Lets a digest be tried again. @returns false when this tenant has no entry of that id. */
    async remove(tenantId: string, id: string): Promise<boolean> {
      return isUuid(id) && (await em.fork().nativeDelete(QuarantinedDigest, { id, tenantId })) > 0;
    },
  };
}
