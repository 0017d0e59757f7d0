import { withApi } from '../api-client/with-api.ts';
import type { UpdateOptions } from '../arguments.ts';
import { EXIT_FAILED, EXIT_OK } from '../output/exit-codes.ts';
import { printResult, type Shell } from '../shell.ts';
import { type StartedUpdates, startUpdates, waitForOutcomes } from './run-updates.ts';
import { findByName } from './select-containers.ts';

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
    const updates = await startUpdates(shell, connection, wanted);
    if (how.wait || connection.temporary) return waitForOutcomes(shell, connection, updates);
    return tellStarted(shell, updates);
  });
}

/** Says which updates were started and which were refused, without waiting for them. */
export function tellStarted(shell: Shell, { started, refused }: StartedUpdates): number {
  for (const { container, why } of refused) shell.stderr.write(`${container}: ${why}\n`);
  const lines = started.map(({ container, updateId }) => `${container}: update ${updateId} started`);
  const updates = started.map(({ container, updateId }) => ({ container, update_id: updateId }));
  if (started.length > 0 || shell.options.json) printResult(shell, lines.join('\n'), { updates, refused });
  return refused.length === 0 ? EXIT_OK : EXIT_FAILED;
}
