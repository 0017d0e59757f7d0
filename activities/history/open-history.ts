import type { UpdateInput, UpdateTrigger } from '../../contracts/update.ts';
import type { Repositories } from '../../db/repositories/repositories.ts';
import type { UpdateSettings } from './update-settings.ts';

export type OpenHistoryInput = UpdateInput & { workflowId: string; runId: string };

/** An older backup whose kept image is given up once this update succeeds. */
export interface SupersededBackup {
  updateId: string;
  imageId: string;
  keepTag: string;
}

export interface OpenedHistory {
  /** Id of the container's row. */
  containerId: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  /** Only in the answer to an update that an earlier version began, which asked for nothing else of the past. */
  knownUids?: string[];
  superseded: SupersededBackup[];
  /** Digests that failed for this container; an update that an earlier version began asks for the one it wants. */
  quarantined?: Array<{ digest: string; reason: string; since: string }>;
  settings: UpdateSettings;
}

/** The history has no trigger of its own for a rollback: a person asked for it, and `rollback_of` says what it undoes. */
function historyTrigger(trigger: UpdateTrigger): Exclude<UpdateTrigger, 'rollback'> {
  return trigger === 'rollback' ? 'manual' : trigger;
}

/**
 * Opens the history of an update and gathers what the saga needs of the past. Repeating it changes nothing.
 * @throws Error of the database, which is tried again
 */
export async function openHistory(
  repositories: Repositories,
  settings: UpdateSettings,
  input: OpenHistoryInput,
): Promise<OpenedHistory> {
  const { tenantId, hostId, containerName, updateId, target } = input;
  const startedAt = new Date();
  const known = await repositories.containers.findByName(tenantId, hostId, containerName);
  const { containerId } = await repositories.updates.open({
    updateId,
    tenantId,
    hostId,
    containerName,
    ...(known === null ? {} : { containerId: known.id }),
    image: known?.image ?? '',
    workflowId: input.workflowId,
    runId: input.runId,
    triggeredBy: historyTrigger(input.trigger),
    requestedBy: input.requestedBy,
    batchId: input.batchId ?? null,
    rollbackOf: target?.kind === 'backup' ? target.updateId : null,
    startedAt,
  });
  const [backups, quarantined] = await Promise.all([
    repositories.backups.listForContainer(containerId),
    repositories.quarantine.ofContainer(containerId),
  ]);
  const kept = backups.filter((backup) => backup.releasedAt === null && backup.updateId !== updateId);
  return {
    containerId,
    startedAt: startedAt.toISOString(),
    // This update's own backup is one of those to keep, where it is to be kept at all.
    superseded: kept
      .slice(Math.max(0, settings.keepImages - (input.backup ? 1 : 0)))
      .map(({ updateId: id, imageId, keepTag }) => ({ updateId: id, imageId, keepTag })),
    quarantined: quarantined.map(({ digest, reason, createdAt }) => ({
      digest,
      reason,
      since: createdAt.toISOString(),
    })),
    settings,
  };
}
