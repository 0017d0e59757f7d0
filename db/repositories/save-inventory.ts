import { type InferEntity, LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Cipher } from '../../domain/cipher.ts';
import { sealJson } from '../encryption/sealed-json.ts';
import { Container } from '../entities/container.ts';
import { OPEN_STATUSES, UpdateHistory } from '../entities/update-history.ts';
import type { ContainerStatus } from '../read-models.ts';
import { ensureHost } from './host-repository.ts';

export interface InventoryItem {
  name: string;
  /** As in `Config.Image`. */
  image: string;
  tag: string;
  /** The engine's id, 64 hex digits. */
  containerId: string;
  status: Exclude<ContainerStatus, 'removed'>;
  /** The inspect answer; stored encrypted, because its environment is secret. */
  configJson: unknown;
  updatePolicy: string;
  policyOrigin: string;
  currentDigest: string | null;
}

export interface Inventory {
  tenantId: string;
  hostId: string;
  /** Everything that the engine has (what is missing here has vanished), unless it is `partial`. */
  items: InventoryItem[];
  /** Part of what the engine has: nothing counts as vanished (see `markVanished`). */
  partial?: boolean;
  at: Date;
}

type ContainerRow = InferEntity<typeof Container>;

/** Names that a container has only while its update swaps it; they are no containers of their own. */
const SWAP_NAME = /\.(?:next|previous)-[0-9a-f]{10}$/;

/**
 * Saves what an engine has, in one transaction: known containers (by host and name) are brought up to date, new ones
 * added, and those that vanished marked `removed`. Those that have an update running are left to it.
 * @returns the names that were newly marked as removed.
 * @throws Error when the host belongs to another tenant.
 */
export async function saveInventory(em: EntityManager, cipher: Cipher, inventory: Inventory): Promise<string[]> {
  const { tenantId, hostId, at } = inventory;
  const present = inventory.items.filter((item) => !SWAP_NAME.test(item.name));
  return await em.transactional(async (tx) => {
    await ensureHost(tx, tenantId, hostId);
    const known = await tx.find(
      Container,
      { tenantId, hostId },
      { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
    );
    const rows = new Map(known.map((row) => [row.name, row]));
    const settled = new Set(await withoutRunningUpdate(tx, known));
    for (const item of present) {
      const seen = {
        image: item.image,
        tag: item.tag,
        containerId: item.containerId,
        status: item.status,
        updatePolicy: item.updatePolicy,
        policyOrigin: item.policyOrigin,
        currentDigest: item.currentDigest,
        configJson: sealJson(cipher, item.configJson, configJsonBinding({ tenantId, hostId, name: item.name })),
        updatedAt: at,
      };
      const row = rows.get(item.name);
      if (row && !settled.has(row)) {
        // Half swapped, it shows what may be taken back; the update itself says what it ended with.
        continue;
      }
      if (row) {
        tx.assign(row, { ...seen, ...verdictAfterChange(row, item) });
      } else {
        tx.create(Container, { tenantId, hostId, name: item.name, healthCheck: null, ...seen });
      }
    }
    return inventory.partial === true
      ? []
      : await removeAllBut(tx, known, new Set(present.map((item) => item.name)), at);
  });
}

/** All names that an engine has. */
export interface PresentNames {
  tenantId: string;
  hostId: string;
  names: string[];
  at: Date;
}

/**
 * Marks a host's containers that are not among `names` as `removed`, unless an update of theirs is running.
 * @returns the names that were newly marked.
 */
export async function markVanished(
  em: EntityManager,
  { tenantId, hostId, names, at }: PresentNames,
): Promise<string[]> {
  return await em.transactional(async (tx) => {
    const known = await tx.find(
      Container,
      { tenantId, hostId, status: { $ne: 'removed' }, name: { $nin: names } },
      { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
    );
    return await removeAllBut(tx, known, new Set(names), at);
  });
}

async function removeAllBut(tx: EntityManager, known: ContainerRow[], names: Set<string>, at: Date): Promise<string[]> {
  const gone = known.filter((row) => row.status !== 'removed' && !names.has(row.name));
  const removed = await withoutRunningUpdate(tx, gone);
  for (const row of removed) {
    tx.assign(row, { status: 'removed', updatedAt: at });
  }
  return removed.map((row) => row.name);
}

/** What the sealed configuration of a container is bound to: its identity, not its row's id, which a new row lacks. */
export function configJsonBinding(row: { tenantId: string; hostId: string; name: string }): string {
  return `containers:${row.tenantId}:${row.hostId}:${row.name}:config_json`;
}

/** A check's verdict is void once somebody else changed the image, and fulfilled once the candidate runs. */
function verdictAfterChange(row: ContainerRow, item: InventoryItem): Partial<ContainerRow> {
  if (row.image !== item.image) {
    return { candidate: null, firstSeenAt: null, verdict: null, verdictReason: null };
  }
  if (row.candidate && row.candidate.digest === item.currentDigest) {
    return { candidate: null, firstSeenAt: null, verdict: 'up_to_date', verdictReason: 'it runs the candidate now' };
  }
  return {};
}

async function withoutRunningUpdate(tx: EntityManager, rows: ContainerRow[]): Promise<ContainerRow[]> {
  if (rows.length === 0) {
    return [];
  }
  const running = await tx.find(
    UpdateHistory,
    { container: { $in: rows.map((row) => row.id) }, status: { $in: [...OPEN_STATUSES] } },
    { fields: ['container'] },
  );
  const busy = new Set(running.map((update) => update.container.id));
  return rows.filter((row) => !busy.has(row.id));
}
