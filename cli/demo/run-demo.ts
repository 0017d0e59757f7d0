import type { Connection } from '../api-client/with-api.ts';
import { followToTheEnd } from '../commands/run-updates.ts';
import { findByName } from '../commands/select-containers.ts';
import { startUpdates } from '../commands/start-updates.ts';
import { EXIT_FAILED, EXIT_INTERRUPTED, EXIT_OK } from '../output/exit-codes.ts';
import { outcomeRow, outcomeTable } from '../output/outcome-table.ts';
import { printResult, type Shell, terminalWidth } from '../shell.ts';
import { SampleStack } from './sample-stack.ts';
import { SAMPLES } from './samples.ts';
import { verifyOutcome } from './verify-outcome.ts';

const SOAK_SECONDS = 2;

/**
 * Raises the sample stack in v1, publishes v2 of each sample, updates them through the API with live progress, and
 * prints the outcomes beside what was expected.
 * @returns 0 when every outcome is the expected one, 1 when not, 130 when interrupted
 */
export async function runDemo(
  shell: Shell,
  connection: Connection,
  sandbox: { dockerHost: string; registryHost: string },
): Promise<number> {
  const output = shell.options.json ? shell.stderr : shell.stdout;
  const tell = (line: string) => output.write(`${line}\n`);
  const stack = new SampleStack(sandbox);
  tell('Raising the sample stack in v1 …');
  await stack.raise();
  for (const { name, story } of SAMPLES) tell(`  ${name.padEnd(10)} ${story}`);
  tell('Publishing v2 of each …');
  await stack.publishNext();
  const containers = await findByName(
    connection.api,
    SAMPLES.map(({ name }) => name),
  );
  const checked = await connection.api.check(containers.map(({ id }) => id));
  tell(`${checked.filter(({ outdated }) => outdated).length} of ${checked.length} are outdated. Updating them …\n`);
  const body = { soak: SOAK_SECONDS };
  const updates = await startUpdates(
    shell,
    connection,
    containers.map(({ id, name }) => ({ id, name, body })),
    // All at once: whoever watches a demonstration shouldn't wait.
    SAMPLES.length,
  );
  const followed = await followToTheEnd(shell, connection, updates);
  if (followed === null) return EXIT_INTERRUPTED;
  const { ended, neverBegun } = followed;

  const refused = [...updates.refused, ...neverBegun];
  const problems = refused.map(({ container, why }) => `${container} was not updated: ${why}`);
  for (const sample of SAMPLES) {
    const update = ended.find(({ container_name }) => container_name === sample.name);
    if (update !== undefined) problems.push(...(await verifyOutcome(stack, sample, update)));
  }
  const rows = [...ended.map(outcomeRow), ...refused];
  const verdict = problems.length === 0 ? 'Every outcome is the expected one.' : problems.join('\n');
  printResult(shell, `\n${outcomeTable(rows, terminalWidth(shell))}\n\n${verdict}`, { containers: rows, problems });
  return problems.length === 0 ? EXIT_OK : EXIT_FAILED;
}
