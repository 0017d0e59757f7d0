import { withApi } from '../api-client/with-api.ts';
import type { UpdateOptions } from '../arguments.ts';
import { EXIT_FAILED, EXIT_OK } from '../output/exit-codes.ts';
import { printResult, type Shell } from '../shell.ts';
import { waitForOutcomes } from './run-updates.ts';
import { findByName } from './select-containers.ts';
import { type StartedUpdates, startUpdates } from './start-updates.ts';

/** `docker-auto update`: starts the updates, and waits for them when told to or when the server ends with the command. */
export function update(shell: Shell, names: string[], how: UpdateOptions): Promise<number> {
  return withApi(shell, async (connection) => {
    const containers = await findByName(connection.api, names);
    const body = {
      force: how.force,
      ...(how.soak === undefined ? {} : { soak: how.soak }),
      ...(how.target === undefined ? {} : { target: how.target }),
      ...(how.writableLayer === undefined ? {} : { writable_layer: how.writableLayer }),
    };
    const wanted = containers.map(({ id, name }) => ({ id, name, body }));
    const updates = await startUpdates(shell, connection, wanted, how.maxParallel);
    if (how.wait || connection.temporary) return waitForOutcomes(shell, connection, updates);
    return tellStarted(shell, updates);
  });
}

/** Says which updates were started or queued, and which were refused, without waiting for them. */
export function tellStarted(shell: Shell, { started, refused }: StartedUpdates): number {
  for (const { container, why } of refused) shell.stderr.write(`${container}: ${why}\n`);
  const lines = started.map(
    ({ container, updateId, batchId }) => `${container}: update ${updateId} ${batchId === null ? 'started' : 'queued'}`,
  );
  const updates = started.map(({ container, updateId, batchId }) => ({
    container,
    update_id: updateId,
    batch_id: batchId,
  }));
  if (started.length > 0 || shell.options.json) printResult(shell, lines.join('\n'), { updates, refused });
  return refused.length === 0 ? EXIT_OK : EXIT_FAILED;
}
