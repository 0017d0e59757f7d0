import { type FilterQuery, type InferEntity, raw } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Cipher } from '../../domain/cipher.ts';
import { UpdateEvent } from '../entities/update-event.ts';
import { OPEN_STATUSES, UpdateHistory } from '../entities/update-history.ts';
import type {
  HistoryStatus,
  HistoryTrigger,
  Page,
  UpdateDetail,
  UpdateEventRow,
  UpdateRecord,
} from '../read-models.ts';
import { isUuid } from '../uuid.ts';
import { type ClosingUpdate, closeUpdate, logTailBinding } from './close-update.ts';
import { insertEvents } from './insert-events.ts';
import { notifyListeners } from './notify-listeners.ts';
import { type OpeningUpdate, openUpdate } from './open-update.ts';
import { toEventRow, toUpdateRecord } from './to-update-record.ts';

export interface UpdateFilter {
  tenantId: string;
  /** Id of the container's row. */
  containerId?: string;
  status?: HistoryStatus;
  /** Started at or after. */
  startDate?: Date;
  /** Started at or before. */
  endDate?: Date;
  triggeredBy?: HistoryTrigger;
  /** Counts from 1. */
  page: number;
  limit: number;
}

const OPEN = { $in: [...OPEN_STATUSES] };

/** History and timelines of updates. Every write may be repeated: a retried activity changes nothing twice. */
export function createUpdateRepository(em: EntityManager, cipher: Cipher) {
  return {
    /** Opens the history row of an update; see `openUpdate`. */
    open: (update: OpeningUpdate) => openUpdate(em.fork(), update),

    /** Closes an update with all that belongs to its end, in one transaction; see `closeUpdate`. */
    close: (update: ClosingUpdate) => closeUpdate(em.fork(), cipher, update),

    /**
     * Adds lines to the timeline, each `seq` of an update once, and wakes the listeners of `docker_auto_events`.
     * @throws Error of the database when the update was not opened.
     */
    async appendEvents(updateId: string, tenantId: string, events: UpdateEventRow[]): Promise<void> {
      if (events.length === 0) {
        return;
      }
      await em.fork().transactional(async (tx) => {
        await insertEvents(tx, updateId, tenantId, events);
        await notifyListeners(tx, { tenantId, updateId, lastSeq: Math.max(...events.map((event) => event.seq)) });
      });
    },

    /** Sets an open update's status; one that is closed stays as it is. */
    async setStatus(updateId: string, status: (typeof OPEN_STATUSES)[number]): Promise<void> {
      await em.fork().nativeUpdate(UpdateHistory, { id: updateId, status: OPEN }, { status });
    },

    /** One update with its timeline and its failed successor's log; null when this tenant has none of that id. */
    async get(tenantId: string, id: string): Promise<UpdateDetail | null> {
      if (!isUuid(id)) {
        return null;
      }
      const work = em.fork();
      const row = await work.findOne(UpdateHistory, { id, tenantId }, { populate: ['container', 'logTail'] });
      if (!row) {
        return null;
      }
      // After the row: one that has ended then has all its lines.
      const events = await work.find(UpdateEvent, { updateId: id }, { orderBy: { seq: 'asc' } });
      const logTail = row.logTail && Buffer.from(cipher.open(row.logTail, logTailBinding(id))).toString('utf8');
      return { ...toUpdateRecord(row), logTail, events: events.map(toEventRow) };
    },

    /** One page, newest first. */
    async list(filter: UpdateFilter): Promise<Page<UpdateRecord>> {
      if (filter.containerId !== undefined && !isUuid(filter.containerId)) {
        return { items: [], total: 0 };
      }
      const [rows, total] = await em.fork().findAndCount(UpdateHistory, toCondition(filter), {
        populate: ['container'],
        orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
        limit: filter.limit,
        offset: (filter.page - 1) * filter.limit,
      });
      return { items: rows.map(toUpdateRecord), total };
    },

    /** The latest update of a container (by its row's id) that ended in success. */
    async lastSuccessful(containerId: string): Promise<UpdateRecord | null> {
      const row = await em
        .fork()
        .findOne(
          UpdateHistory,
          { container: containerId, status: 'success' },
          { populate: ['container'], orderBy: [{ startedAt: 'desc' }, { id: 'desc' }] },
        );
      return row && toUpdateRecord(row);
    },

    /** Updates of a host whose ids end with one of these (`swapNames` makes a uid of an id's end), and how each ended. */
    async endingsByUid(
      tenantId: string,
      hostId: string,
      uids: readonly string[],
    ): Promise<Array<{ id: string; containerName: string; status: HistoryStatus }>> {
      if (uids.length === 0) return [];
      const rows = await em.fork().find(
        UpdateHistory,
        {
          tenantId,
          container: { hostId },
          $or: uids.map((uid) => ({ [raw((alias) => `${alias}.id::text`)]: { $like: `%${uid}` } })),
        },
        { populate: ['container'] },
      );
      return rows.map(toUpdateRecord).map(({ id, status, containerName }) => ({ id, status, containerName }));
    },

    /** Those of some updates that were begun, by their ids; in no order. */
    async findMany(tenantId: string, ids: readonly string[]): Promise<UpdateRecord[]> {
      const rows = await em.fork().find(UpdateHistory, { tenantId, id: [...ids] }, { populate: ['container'] });
      return rows.map(toUpdateRecord);
    },

    /** The updates of a batch that were begun, in the order of their beginnings. */
    async ofBatch(tenantId: string, batchId: string): Promise<UpdateRecord[]> {
      const rows = await em
        .fork()
        .find(
          UpdateHistory,
          { tenantId, batchId },
          { populate: ['container'], orderBy: { startedAt: 'asc', id: 'asc' } },
        );
      return rows.map(toUpdateRecord);
    },

    /** Updates of all tenants that have not ended (running or waiting) and began before, oldest first. */
    async findOpen(startedBefore: Date): Promise<UpdateRecord[]> {
      const rows = await em
        .fork()
        .find(
          UpdateHistory,
          { status: OPEN, startedAt: { $lt: startedBefore } },
          { populate: ['container'], orderBy: { startedAt: 'asc' } },
        );
      return rows.map(toUpdateRecord);
    },
  };
}

function toCondition(filter: UpdateFilter): FilterQuery<InferEntity<typeof UpdateHistory>> {
  return {
    tenantId: filter.tenantId,
    ...(filter.containerId !== undefined && { container: filter.containerId }),
    ...(filter.status !== undefined && { status: filter.status }),
    ...(filter.triggeredBy !== undefined && { triggeredBy: filter.triggeredBy }),
    ...((filter.startDate || filter.endDate) && {
      startedAt: {
        ...(filter.startDate && { $gte: filter.startDate }),
        ...(filter.endDate && { $lte: filter.endDate }),
      },
    }),
  };
}
