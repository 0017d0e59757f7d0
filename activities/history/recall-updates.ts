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
  const recalled: RecalledUpdate[] = [];
  for (const { id, status, ...of } of await repositories.updates.endingsByUid(tenantId, hostId, uids)) {
    const { uid } = swapNames(containerName, id);
    // An update of another container, which this one had to follow: its backup is of that one.
    const isOwn = of.containerName === containerName;
    const backup = isOwn ? ((await loadBackup(repositories, id))?.backup ?? null) : null;
    recalled.push({ uid, succeeded: status === 'success', backup });
  }
  return recalled;
}
