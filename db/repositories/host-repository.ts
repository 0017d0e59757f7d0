import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Host } from '../entities/host.ts';
import type { HostRecord, HostState } from '../read-models.ts';

export interface HostUpsert {
  tenantId: string;
  id: string;
  name: string;
  /** What kind of engine, such as `docker`. */
  kind: string;
  state: HostState;
  /** Why it is in that state, in one plain sentence. */
  stateReason: string | null;
  /** Null keeps what was known: an unreachable engine tells no version. */
  engineVersion: string | null;
  /** Null keeps what was known. */
  lastSeenAt: Date | null;
}

/** Hosts (engines) of a tenant. */
export function createHostRepository(em: EntityManager) {
  return {
    /** Records a host as it is now. @throws Error when another tenant has a host of that id. */
    async upsert(host: HostUpsert): Promise<void> {
      await em.fork().transactional(async (tx) => {
        await ensureHost(tx, host.tenantId, host.id);
        const { tenantId, id, engineVersion, lastSeenAt, ...always } = host;
        await tx.nativeUpdate(
          Host,
          { id, tenantId },
          { ...always, ...(engineVersion && { engineVersion }), ...(lastSeenAt && { lastSeenAt }) },
        );
      });
    },

    async list(tenantId: string): Promise<HostRecord[]> {
      const hosts = await em.fork().find(Host, { tenantId }, { orderBy: { id: 'asc' } });
      return hosts.map(toHostRecord);
    },

    async get(tenantId: string, id: string): Promise<HostRecord | null> {
      const host = await em.fork().findOne(Host, { id, tenantId });
      return host && toHostRecord(host);
    },
  };
}

/**
 * Makes the row of a host that nobody has recorded yet, so that what happens on it can point to it, and locks it until
 * the transaction ends: writers of one host's containers take turns.
 * @throws Error when another tenant has a host of that id.
 */
export async function ensureHost(tx: EntityManager, tenantId: string, id: string): Promise<void> {
  await tx
    .createQueryBuilder(Host)
    .insert({ id, tenantId, name: id, kind: 'docker', state: 'unreachable', stateReason: 'not asked yet' })
    .onConflict('id')
    .ignore()
    .execute('run');
  const host = await tx.findOne(Host, { id, tenantId }, { fields: ['id'], lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!host) {
    throw new Error(
      `Host "${id}" belongs to another tenant; expected a host of tenant ${tenantId}. Give it another id.`,
    );
  }
}

function toHostRecord(host: HostRecord): HostRecord {
  return {
    id: host.id,
    tenantId: host.tenantId,
    name: host.name,
    kind: host.kind,
    state: host.state,
    stateReason: host.stateReason,
    engineVersion: host.engineVersion,
    lastSeenAt: host.lastSeenAt,
  };
}
