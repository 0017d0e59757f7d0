import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Cipher } from '../../domain/cipher.ts';
import { Container } from '../entities/container.ts';
import { QuarantinedDigest } from '../entities/quarantined-digest.ts';
import { OPEN_STATUSES, UpdateHistory } from '../entities/update-history.ts';
import type { ClosedStatus, ContainerVerdict, UpdateEventRow } from '../read-models.ts';
import { insertEvents } from './insert-events.ts';
import { notifyListeners } from './notify-listeners.ts';
import { addToOutbox, type OutboxEntry } from './outbox-repository.ts';

/** What a container runs once its update has ended. */
export interface ContainerAfterUpdate {
  /** The engine's id, 64 hex digits; null when it is not known. */
  containerId: string | null;
  currentDigest: string | null;
  verdict: ContainerVerdict | null;
  verdictReason: string | null;
  /** Where the reference itself changed. */
  image?: string;
  tag?: string;
}

export interface ClosingUpdate {
  updateId: string;
  status: ClosedStatus;
  oldImage: string | null;
  newImage: string | null;
  oldDigest: string | null;
  newDigest: string | null;
  errorType: string | null;
  errorMessage: string | null;
  message: string | null;
  downtimeMs: number | null;
  durationSeconds: number | null;
  /** Stored encrypted: a program may print its secrets. */
  logTail: string | null;
  failedExitCode: number | null;
  completedAt: Date;
  /** The digest that failed for this container. */
  quarantine?: { digest: string; reason: string };
  /** The digest that proved itself after all. */
  releaseQuarantine?: string;
  notifications: OutboxEntry[];
  /** The timeline's last lines; those that are stored already count once. */
  events?: UpdateEventRow[];
  container?: ContainerAfterUpdate;
}

/**
 * Closes an update: history row, quarantine, notifications and the container's new state, all or nothing. Closing one
 * that is closed already changes nothing, so the first outcome stands.
 * @returns whether this call closed it.
 * @throws Error when no update of that id was opened.
 */
export async function closeUpdate(em: EntityManager, cipher: Cipher, update: ClosingUpdate): Promise<boolean> {
  return await em.transactional(async (tx) => {
    const row = await tx.findOne(UpdateHistory, { id: update.updateId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!row) {
      throw new Error(`Update ${update.updateId} is not in the history; it must be opened before it is closed.`);
    }
    const { tenantId } = row;
    await insertEvents(tx, update.updateId, tenantId, update.events ?? []);
    if (!(OPEN_STATUSES as readonly string[]).includes(row.status)) {
      return false;
    }
    const {
      updateId,
      logTail,
      quarantine,
      releaseQuarantine,
      notifications,
      container,
      events: _events,
      ...outcome
    } = update;
    tx.assign(row, {
      ...outcome,
      logTail: logTail === null ? null : cipher.seal(Buffer.from(logTail, 'utf8'), logTailBinding(updateId)),
    });
    await tx.flush();
    const containerRowId = row.container.id;
    if (releaseQuarantine !== undefined) {
      await tx.nativeDelete(QuarantinedDigest, { container: containerRowId, digest: releaseQuarantine });
    }
    if (quarantine) {
      await tx
        .createQueryBuilder(QuarantinedDigest)
        .insert({ ...quarantine, tenantId, container: containerRowId, updateId })
        .onConflict(['container', 'digest'])
        .merge(['updateId', 'reason'])
        .execute('run');
    }
    if (container) {
      await moveContainer(tx, containerRowId, container, update.completedAt);
    }
    await addToOutbox(tx, cipher, { tenantId, updateId }, notifications);
    await notifyListeners(tx, { tenantId, updateId, lastSeq: null });
    return true;
  });
}

/** What the sealed log of a failed successor is bound to. */
export function logTailBinding(updateId: string): string {
  return `update_history:${updateId}:log_tail`;
}

/** A candidate that runs now is none any more, nor is one of an image that was left. */
async function moveContainer(tx: EntityManager, id: string, after: ContainerAfterUpdate, at: Date): Promise<void> {
  const row = await tx.findOneOrFail(Container, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const { containerId, ...moved } = after;
  const isAnotherImage = after.image !== undefined && after.image !== row.image;
  tx.assign(row, { ...moved, ...(containerId !== null && { containerId }), updatedAt: at });
  if (row.candidate && (isAnotherImage || row.candidate.digest === after.currentDigest)) {
    tx.assign(row, { candidate: null, firstSeenAt: null });
  }
  await tx.flush();
}
