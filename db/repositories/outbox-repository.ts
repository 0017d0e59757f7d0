import { raw } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Cipher } from '../../domain/cipher.ts';
import { openJson, sealJson } from '../encryption/sealed-json.ts';
import { OutboxMessage } from '../entities/outbox-message.ts';
import type { OutboxChannel, OutboxRecord } from '../read-models.ts';

export interface OutboxEntry {
  /** Unique for ever: the same key is stored once, and a receiver can drop repeats by it. */
  deliveryKey: string;
  channel: OutboxChannel;
  /** Such as `update.success`. */
  event: string;
  /** JSON; stored encrypted, because it may quote a log. */
  payload: unknown;
}

/** Notifications that are to be delivered at least once. They get in by `updates.close` only. */
export function createOutboxRepository(em: EntityManager, cipher: Cipher) {
  return {
    /** What an update left to deliver, in the order of its writing. */
    async pendingFor(updateId: string): Promise<OutboxRecord[]> {
      const rows = await em
        .fork()
        .find(
          OutboxMessage,
          { updateId, deliveredAt: null },
          { orderBy: [{ createdAt: 'asc' }, { deliveryKey: 'asc' }] },
        );
      return rows.map((row) => ({
        id: row.id,
        updateId: row.updateId,
        deliveryKey: row.deliveryKey,
        channel: row.channel,
        event: row.event,
        payload: openJson(cipher, row.payload, payloadBinding(row.deliveryKey)),
        attempts: row.attempts,
        createdAt: row.createdAt,
      }));
    },

    /** Updates with messages written since then that were not delivered yet, oldest first. */
    async undelivered(since: Date): Promise<string[]> {
      const rows = await em
        .fork()
        .find(
          OutboxMessage,
          { deliveredAt: null, createdAt: { $gte: since } },
          { fields: ['updateId'], orderBy: { createdAt: 'asc' } },
        );
      return [...new Set(rows.map(({ updateId }) => updateId))];
    },

    /** How many messages written before then were never delivered. */
    countUndelivered(before: Date): Promise<number> {
      return em.fork().count(OutboxMessage, { deliveredAt: null, createdAt: { $lt: before } });
    },

    /** Counts the attempt that succeeded; a message that was delivered before keeps its first time. */
    async markDelivered(id: string, at: Date): Promise<void> {
      await em
        .fork()
        .nativeUpdate(
          OutboxMessage,
          { id, deliveredAt: null },
          { deliveredAt: at, lastError: null, attempts: raw<number>('attempts + 1') },
        );
    },

    /** Counts an attempt that failed and keeps why; the message stays pending. */
    async markFailed(id: string, error: string): Promise<void> {
      await em
        .fork()
        .nativeUpdate(
          OutboxMessage,
          { id, deliveredAt: null },
          { lastError: error, attempts: raw<number>('attempts + 1') },
        );
    },
  };
}

/** Stores notifications within the transaction that they tell of; a delivery key that is there is left alone. */
export async function addToOutbox(
  tx: EntityManager,
  cipher: Cipher,
  owner: { tenantId: string; updateId: string },
  entries: OutboxEntry[],
): Promise<void> {
  if (entries.length === 0) {
    return;
  }
  await tx
    .createQueryBuilder(OutboxMessage)
    .insert(
      entries.map((entry) => ({
        ...owner,
        ...entry,
        payload: sealJson(cipher, entry.payload, payloadBinding(entry.deliveryKey)),
      })),
    )
    .onConflict('deliveryKey')
    .ignore()
    .execute('run');
}

function payloadBinding(deliveryKey: string): string {
  return `outbox:${deliveryKey}:payload`;
}
