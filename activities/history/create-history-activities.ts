import type { UpdateEvent } from '../../contracts/update.ts';
import type { Repositories } from '../../db/repositories/repositories.ts';
import type { UpdatePolicyName } from '../../domain/policy/policy-settings.ts';
import type { HostState } from '../docker/list-inventory.ts';
import type { NotificationChannels } from '../notify/channels.ts';
import { loadBackup, type SaveBackupInput, saveBackup } from './backups.ts';
import { type CloseHistoryInput, closeHistory } from './close-history.ts';
import { type OpenHistoryInput, openHistory } from './open-history.ts';
import { type RecallUpdatesInput, recallUpdates } from './recall-updates.ts';
import { type SaveCheckInput, saveCheck } from './save-check.ts';
import { markVanished, type SaveInventoryInput, saveHost, saveInventory } from './save-inventory.ts';
import type { UpdateSettings } from './update-settings.ts';

export interface HistoryActivityClients {
  repositories: Repositories;
  channels: NotificationChannels;
  settings: UpdateSettings;
  defaultPolicy: UpdatePolicyName;
}

/** The activities that read and write the database; they run on the core task queue, or beside the workflow. */
export function createHistoryActivities({ repositories, channels, settings, defaultPolicy }: HistoryActivityClients) {
  return {
    readSettings: async () => settings,
    openHistory: (input: OpenHistoryInput) => openHistory(repositories, settings, input),
    recordEvents: ({ tenantId, updateId, events }: { tenantId: string; updateId: string; events: UpdateEvent[] }) =>
      repositories.updates.appendEvents(updateId, tenantId, events),
    saveStatus: ({ updateId, status }: { updateId: string; status: 'running' | 'waiting' }) =>
      repositories.updates.setStatus(updateId, status),
    findQuarantine: async ({ containerId, digest }: { containerId: string; digest: string }) => {
      const found = await repositories.quarantine.find(containerId, digest);
      return found === null ? null : { reason: found.reason, since: found.createdAt.toISOString() };
    },
    saveBackup: (input: SaveBackupInput) => saveBackup(repositories, input),
    loadBackup: ({ updateId }: { updateId: string }) => loadBackup(repositories, updateId),
    recallUpdates: (input: RecallUpdatesInput) => recallUpdates(repositories, input),
    closeHistory: (input: CloseHistoryInput) => closeHistory(repositories, channels, input),
    saveInventory: (input: SaveInventoryInput) => saveInventory(repositories, defaultPolicy, input),
    markVanished: (input: { tenantId: string; hostId: string; names: string[] }) => markVanished(repositories, input),
    saveHost: (input: { tenantId: string; hostId: string; state: HostState }) => saveHost(repositories, input),
    saveCheck: (input: SaveCheckInput) => saveCheck(repositories, input),
  };
}

export type HistoryActivities = ReturnType<typeof createHistoryActivities>;
