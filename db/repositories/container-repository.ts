import { type FilterQuery, type InferEntity, LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Cipher } from '../../domain/cipher.ts';
import { openJson } from '../encryption/sealed-json.ts';
import { type Candidate, Container } from '../entities/container.ts';
import type { ContainerRecord, ContainerVerdict, Page } from '../read-models.ts';
import { isUuid } from '../uuid.ts';
import { configJsonBinding, type Inventory, markVanished, type PresentNames, saveInventory } from './save-inventory.ts';
import { toContainerRecord } from './to-container-record.ts';

export interface ContainerFilter {
  tenantId: string;
  /** Counts from 1. */
  page: number;
  limit: number;
  /** `running` includes paused and restarting ones: their process is there. */
  status?: 'running' | 'stopped' | 'all';
  /** Part of the name or the image, in any case. */
  search?: string;
  policy?: string;
  hostId?: string;
  outdated?: boolean;
}

export interface CheckedImage {
  /** Id of the container's row. */
  containerId: string;
  currentDigest: string | null;
  candidate: Candidate | null;
  verdict: ContainerVerdict;
  /** Why, in one plain sentence. */
  reason: string;
  at: Date;
}

export interface ContainerCounts {
  total: number;
  running: number;
  outdated: number;
}

/** What is read of the inspect answer that was saved. */
interface Inspected {
  Config?: { Labels?: Record<string, string> | null };
}

const LIVE = ['running', 'paused', 'restarting'] as const;

/** Containers as the last inventory and check saw them. Those that vanished from their engine are in no list. */
export function createContainerRepository(em: EntityManager, cipher: Cipher) {
  return {
    /** Saves what an engine has; see `saveInventory`. */
    saveInventory: (inventory: Inventory) => saveInventory(em.fork(), cipher, inventory),

    /** Marks what its engine no longer has; see `markVanished`. */
    markVanished: (present: PresentNames) => markVanished(em.fork(), present),

    /** One page, by name. */
    async list(filter: ContainerFilter): Promise<Page<ContainerRecord>> {
      const [rows, total] = await em.fork().findAndCount(Container, toCondition(filter), {
        orderBy: [{ name: 'asc' }, { hostId: 'asc' }],
        limit: filter.limit,
        offset: (filter.page - 1) * filter.limit,
      });
      return { items: rows.map(toContainerRecord), total };
    },

    async get(tenantId: string, id: string): Promise<ContainerRecord | null> {
      const row = isUuid(id) ? await em.fork().findOne(Container, { id, tenantId }) : null;
      return row && toContainerRecord(row);
    },

    /** Finds also a container that has vanished (status `removed`). */
    async findByName(tenantId: string, hostId: string, name: string): Promise<ContainerRecord | null> {
      const row = await em.fork().findOne(Container, { tenantId, hostId, name });
      return row && toContainerRecord(row);
    },

    async listAll(tenantId: string, hostId: string): Promise<ContainerRecord[]> {
      const rows = await em
        .fork()
        .find(Container, { tenantId, hostId, status: { $ne: 'removed' } }, { orderBy: { name: 'asc' } });
      return rows.map(toContainerRecord);
    },

    /**
     * The inspect answer that the last inventory saved, decrypted: it holds secrets.
     * @returns null for an unknown container or one that no inventory has seen.
     * @throws Error when the keyring lacks the key that it was sealed with.
     */
    async getConfigJson(tenantId: string, id: string): Promise<unknown> {
      const row = isUuid(id)
        ? await em.fork().findOne(Container, { id, tenantId }, { populate: ['configJson'] })
        : null;
      return row?.configJson ? openJson(cipher, row.configJson, configJsonBinding(row)) : null;
    },

    /** Labels of all containers of a host, as the last inventory saw them. */
    async labelsOf(tenantId: string, hostId: string): Promise<Array<{ name: string; labels: Record<string, string> }>> {
      const rows = await em
        .fork()
        .find(Container, { tenantId, hostId, status: { $ne: 'removed' } }, { populate: ['configJson'] });
      return rows.map((row) => {
        const inspect = row.configJson && openJson(cipher, row.configJson, configJsonBinding(row));
        return { name: row.name, labels: (inspect as Inspected | null)?.Config?.Labels ?? {} };
      });
    },

    /** Records what a check found. A candidate's first sight is kept as long as its digest stays the same. */
    async saveCheck(check: CheckedImage): Promise<void> {
      await em.fork().transactional(async (tx) => {
        const row = await tx.findOne(Container, { id: check.containerId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
        if (!row) {
          throw new Error(`Container row ${check.containerId} is not known; save an inventory before a check.`);
        }
        const isNewCandidate = row.candidate?.digest !== check.candidate?.digest;
        row.currentDigest = check.currentDigest;
        row.candidate = check.candidate;
        row.firstSeenAt = isNewCandidate ? check.candidate && check.at : row.firstSeenAt;
        row.verdict = check.verdict;
        row.verdictReason = check.reason;
        row.checkedAt = check.at;
        row.updatedAt = check.at;
      });
    },

    async counts(tenantId: string): Promise<ContainerCounts> {
      const [row] = await em.fork().execute<ContainerCounts[]>(
        `select count(*)::int as total,
                count(*) filter (where status = 'running')::int as running,
                count(*) filter (where verdict = 'outdated')::int as outdated
           from containers where tenant_id = ? and status <> 'removed'`,
        [tenantId],
      );
      return row ?? { total: 0, running: 0, outdated: 0 };
    },
  };
}

function toCondition(filter: ContainerFilter): FilterQuery<InferEntity<typeof Container>> {
  const pattern = `%${(filter.search ?? '').replaceAll(/[\\%_]/g, '\\$&')}%`;
  return {
    tenantId: filter.tenantId,
    status: filter.status === 'running' ? [...LIVE] : filter.status === 'stopped' ? 'stopped' : { $ne: 'removed' },
    ...(filter.hostId !== undefined && { hostId: filter.hostId }),
    ...(filter.policy !== undefined && { updatePolicy: filter.policy }),
    ...(filter.outdated === true && { verdict: 'outdated' as const }),
    $and: [
      filter.search ? { $or: [{ name: { $ilike: pattern } }, { image: { $ilike: pattern } }] } : {},
      filter.outdated === false ? { $or: [{ verdict: null }, { verdict: { $ne: 'outdated' } }] } : {},
    ],
  };
}
