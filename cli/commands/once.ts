import type { Container } from '../../contracts/api/containers.ts';
import { type Connection, withApi } from '../api-client/with-api.ts';
import type { OnceOptions } from '../arguments.ts';
import { notUpdated } from '../output/outcome-table.ts';
import type { Shell } from '../shell.ts';
import { type Choice, chooseUpdates } from './choose-updates.ts';
import { waitForOutcomes } from './run-updates.ts';
import { findByName } from './select-containers.ts';
import { startUpdates } from './start-updates.ts';

/** `docker-auto once`: checks, updates what policy, `--all` or the names ask for, waits, and prints the table. */
export function once(shell: Shell, names: string[], { all, maxParallel }: OnceOptions): Promise<number> {
  return withApi(shell, async (connection) => {
    const choices = chooseUpdates(await checked(connection, names), { names, all });
    const updates = choices.filter((choice) => choice.action === 'update');
    const left = choices.filter((choice) => choice.action === 'leave');
    if (updates.length === 0) shell.stderr.write(`${nothingToDo(choices)}\n`);
    const wanted = updates.map(({ container: { id, name }, body }) => ({ id, name, body }));
    return waitForOutcomes(shell, connection, await startUpdates(shell, connection, wanted, maxParallel), {
      rows: left.map(({ container, outcome, why }) => ({
        ...notUpdated(container.name, outcome, why),
        from: { reference: container.image, digest: container.current_digest },
      })),
      failed: left.some(({ failed }) => failed),
    });
  });
}

/** The containers asked for, as they are known after a fresh check of them. */
async function checked({ api }: Connection, names: readonly string[]): Promise<Container[]> {
  if (names.length === 0) {
    await api.check('all');
    return api.containers();
  }
  const named = await findByName(api, names);
  await api.check(named.map(({ id }) => id));
  const ids = new Set(named.map(({ id }) => id));
  return (await api.containers()).filter(({ id }) => ids.has(id));
}

/** Why nothing is updated, and how to have it otherwise. */
export function nothingToDo(choices: readonly Choice[]): string {
  if (choices.length === 0) return 'There are no containers.';
  const waiting = choices.filter((choice) => choice.action === 'leave' && choice.outcome === 'left alone').length;
  if (waiting === 0) return 'Nothing to update.';
  return `Nothing to update by policy; ${waiting} outdated. Ask with docker-auto once NAME or --all, or give containers the label docker-auto.policy=auto.`;
}
