import { randomUUID } from 'node:crypto';
import { DEFAULT_TENANT_ID } from '../../db/default-tenant.ts';
import type { UpdateEventRow } from '../../db/read-models.ts';
import type { ClosingUpdate } from '../../db/repositories/close-update.ts';
import type { OpeningUpdate } from '../../db/repositories/open-update.ts';
import type { InventoryItem } from '../../db/repositories/save-inventory.ts';

export const TENANT = DEFAULT_TENANT_ID;
export const NOON = new Date('2026-11-21T12:00:00.000Z');

/** `n` minutes after noon. */
export const minutes = (n: number): Date => new Date(NOON.getTime() + n * 60_000);

/** A digest of the right shape that tells itself apart by one hex digit. */
export const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

export function inventoryItem(name: string, over: Partial<InventoryItem> = {}): InventoryItem {
  return {
    name,
    image: 'nginx:1.25',
    tag: '1.25',
    containerId: 'a'.repeat(64),
    status: 'running',
    configJson: { Config: { Env: ['PATH=/bin'] } },
    updatePolicy: 'auto',
    policyOrigin: 'docker-auto.policy',
    currentDigest: digest('1'),
    ...over,
  };
}

export function openingUpdate(over: Partial<OpeningUpdate> = {}): OpeningUpdate {
  return {
    updateId: randomUUID(),
    tenantId: TENANT,
    hostId: 'local',
    containerName: 'web',
    image: 'nginx:1.25',
    workflowId: 'update:local:web',
    runId: null,
    triggeredBy: 'manual',
    requestedBy: 'cli',
    batchId: null,
    rollbackOf: null,
    startedAt: NOON,
    ...over,
  };
}

export function closingUpdate(updateId: string, over: Partial<ClosingUpdate> = {}): ClosingUpdate {
  return {
    updateId,
    status: 'success',
    oldImage: 'nginx:1.25',
    newImage: 'nginx:1.25',
    oldDigest: digest('1'),
    newDigest: digest('2'),
    errorType: null,
    errorMessage: null,
    message: 'Updated.',
    downtimeMs: 420,
    durationSeconds: 3.5,
    logTail: null,
    failedExitCode: null,
    completedAt: minutes(1),
    notifications: [],
    ...over,
  };
}

export function timelineEvent(seq: number, over: Partial<UpdateEventRow> = {}): UpdateEventRow {
  return {
    seq,
    step: 'inspect',
    state: 'done',
    cause: 'every update looks first',
    detail: { names: ['web'] },
    at: NOON.toISOString(),
    ...over,
  };
}
