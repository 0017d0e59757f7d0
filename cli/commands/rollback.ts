import type { Update } from '../../contracts/api/updates.ts';
import type { ApiClient } from '../api-client/api-client.ts';
import { withApi } from '../api-client/with-api.ts';
import type { RollbackOptions } from '../arguments.ts';
import { CommandError } from '../command-error.ts';
import type { Shell } from '../shell.ts';
import { waitForOutcomes } from './run-updates.ts';
import { findByName } from './select-containers.ts';
import { tellStarted } from './update.ts';

const UPDATE_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** `docker-auto rollback`: back to before an update, given by its id or as the last one of a container. */
export function rollback(shell: Shell, nameOrId: string, { wait, writableLayer }: RollbackOptions): Promise<number> {
  return withApi(shell, async (connection) => {
    const undone = UPDATE_ID.test(nameOrId) ? nameOrId : (await lastUpdate(connection.api, nameOrId)).id;
    const { container_name: container } = await connection.api.update(undone);
    const { updateId, joined } = await connection.api.startRollback(
      undone,
      writableLayer === undefined ? {} : { writable_layer: writableLayer },
    );
    if (joined) {
      throw new CommandError(`An update of ${container} is running (${updateId}); try again when it has ended.`);
    }
    const updates = { started: [{ container, updateId, batchId: null }], refused: [] };
    return wait || connection.temporary ? waitForOutcomes(shell, connection, updates) : tellStarted(shell, updates);
  });
}

async function lastUpdate(api: ApiClient, name: string): Promise<Update> {
  const [container] = await findByName(api, [name]);
  const found = updateToUndo(await api.history(container?.id, 100));
  if (found !== null) return found;
  throw new CommandError(
    `There is no update of ${name} to go back from; docker-auto history ${name} lists what there was.`,
  );
}

/** The latest update (of a history with the newest first) that succeeded and was not undone yet. */
export function updateToUndo(history: readonly Update[]): Update | null {
  const succeeded = history.filter(({ status }) => status === 'success');
  const undone = new Set(succeeded.map(({ rollback_of }) => rollback_of));
  return succeeded.find(({ id, rollback_of }) => rollback_of === null && !undone.has(id)) ?? null;
}
