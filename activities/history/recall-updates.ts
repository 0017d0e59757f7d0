import type { Repositories } from '../../db/repositories/repositories.ts';
import { swapNames } from '../../domain/swap-names.ts';
import type { RecalledUpdate } from '../docker/settle-leftovers.ts';
import { loadBackup } from './backups.ts';

export interface RecallUpdatesInput {
  tenantId: string;
  hostId: string;
  containerName: string;
  /** Uids that containers left on the host carry in their names. */
  uids: string[];
}

/** What the history has of the updates that left something on the host; those of somebody else are not in it. */
export async function recallUpdates(repositories: Repositories, input: RecallUpdatesInput): Promise<RecalledUpdate[]> {
  const { tenantId, hostId, containerName, uids } = input;
  const updates = await repositories.updates.endingsForContainer(tenantId, hostId, containerName);
  const recalled: RecalledUpdate[] = [];
  for (const { id, status } of updates) {
    const { uid } = swapNames(containerName, id);
    if (!uids.includes(uid)) continue;
    const backup = (await loadBackup(repositories, id))?.backup ?? null;
    recalled.push({ uid, succeeded: status === 'success', backup });
  }
  return recalled;
}
