import type { EntityManager } from '@mikro-orm/postgresql';
import { Container } from '../entities/container.ts';
import { UpdateHistory } from '../entities/update-history.ts';
import type { HistoryTrigger } from '../read-models.ts';
import { ensureHost } from './host-repository.ts';

export interface OpeningUpdate {
  /** A UUID. */
  updateId: string;
  tenantId: string;
  hostId: string;
  containerName: string;
  /** Id of the container's row where it is known already. */
  containerId?: string;
  /** As in `Config.Image`; it becomes the old image. */
  image: string;
  workflowId: string;
  runId: string | null;
  triggeredBy: HistoryTrigger;
  requestedBy: string;
  batchId: string | null;
  /** The update that this one undoes. */
  rollbackOf: string | null;
  startedAt: Date;
}

/**
 * Opens the history row of an update with status `running`. A container that no inventory has seen yet gets its row.
 * Opening an update again changes nothing, whatever has happened to it meanwhile.
 * @returns the id of the container's row.
 * @throws Error when the host belongs to another tenant.
 */
export async function openUpdate(em: EntityManager, update: OpeningUpdate): Promise<{ containerId: string }> {
  if (update.containerId !== undefined) {
    await insertRow(em, update, update.containerId);
    return { containerId: update.containerId };
  }
  const { tenantId, hostId } = update;
  return await em.transactional(async (tx) => {
    await ensureHost(tx, tenantId, hostId);
    await tx
      .createQueryBuilder(Container)
      .insert({
        tenantId,
        hostId,
        name: update.containerName,
        image: update.image,
        status: 'running',
        updatePolicy: 'manual',
        healthCheck: null,
      })
      .onConflict(['hostId', 'name'])
      .ignore()
      .execute('run');
    const container = await tx.findOneOrFail(
      Container,
      { tenantId, hostId, name: update.containerName },
      { fields: ['id'] },
    );
    await insertRow(tx, update, container.id);
    return { containerId: container.id };
  });
}

async function insertRow(em: EntityManager, update: OpeningUpdate, containerId: string): Promise<void> {
  await em
    .createQueryBuilder(UpdateHistory)
    .insert({
      id: update.updateId,
      tenantId: update.tenantId,
      container: containerId,
      oldImage: update.image,
      status: 'running',
      triggeredBy: update.triggeredBy,
      requestedBy: update.requestedBy,
      batchId: update.batchId,
      rollbackOf: update.rollbackOf,
      workflowId: update.workflowId,
      runId: update.runId,
      startedAt: update.startedAt,
    })
    .onConflict('id')
    .ignore()
    .execute('run');
}
