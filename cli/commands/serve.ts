import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ApiClient } from '../api-client/api-client.ts';
import type { Connection } from '../api-client/with-api.ts';
import { runDemo } from '../demo/run-demo.ts';
import { explainError } from '../explain-error.ts';
import { Interrupted } from '../interruption.ts';
import { EXIT_INTERRUPTED, EXIT_OK } from '../output/exit-codes.ts';
import { type Program, startProgram } from '../program/start-program.ts';
import { quietConfiguration, type Shell } from '../shell.ts';

/** Left in the data directory once the sample stack was shown there. */
const DEMO_MARKER = 'sample-stack-shown';

/** `docker-auto serve`: runs until it is asked to stop. Where there is no engine, shows the sample stack once. */
export async function serve(shell: Shell): Promise<number> {
  // On a terminal a person watches; elsewhere the log is what remains.
  const configuration = shell.stdout.isTTY ? quietConfiguration(shell, 'warn') : shell.loaded.configuration;
  const tell = (line: string) => shell.stdout.write(`${line}\n`);
  const announceStop = () => tell('Stopping …');
  shell.interrupted.addEventListener('abort', announceStop, { once: true });
  const program = await startProgram({ configuration, notice: tell, engine: 'sandbox-if-none' });
  try {
    await introduce(shell, program, tell);
    await untilInterrupted(shell.interrupted);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  } finally {
    await program.stop();
  }
  tell('Stopped.');
  return EXIT_OK;
}

async function introduce(shell: Shell, program: Program, tell: (line: string) => void): Promise<void> {
  const api = new ApiClient({ url: program.apiUrl, token: program.token, signal: shell.interrupted });
  tell(`Docker-Auto listens on ${program.apiUrl}; other docker-auto commands on this machine find it by themselves.`);
  if (program.temporalUiUrl !== null)
    tell(`Every update can be watched in the Temporal UI at ${program.temporalUiUrl}.`);
  if (program.sandbox !== null) await showSampleStack(shell, { api, temporary: true }, program.sandbox, tell);
  tell(await countContainers(api, program.dockerHost));
  tell('Serving; Ctrl-C stops it.');
}

/** Once per data directory. A sample that can't be shown must not keep the program from serving. */
async function showSampleStack(
  shell: Shell,
  connection: Connection,
  sandbox: NonNullable<Program['sandbox']>,
  tell: (line: string) => void,
): Promise<void> {
  const marker = path.join(shell.loaded.configuration.dataDir, DEMO_MARKER);
  if (existsSync(marker)) return;
  tell('No Docker engine was found, so here is a sample stack in a private sandbox.');
  try {
    const exitCode = await runDemo(shell, connection, sandbox);
    if (exitCode === EXIT_INTERRUPTED) throw new Interrupted();
    await writeFile(marker, `${new Date().toISOString()}\n`);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    tell(`The sample stack could not be shown: ${explainError(error, false)}`);
  }
}

/** A registry or an engine that is away must not keep the program from serving. */
async function countContainers(api: ApiClient, dockerHost: string): Promise<string> {
  try {
    const checked = await api.check('all');
    const outdated = checked.filter((each) => each.outdated).length;
    const unknown = checked.filter(({ verdict }) => verdict === 'error').length;
    const doubt = unknown === 0 ? '' : `, ${unknown} could not be checked`;
    return `${checked.length} containers at ${dockerHost}, ${outdated} outdated${doubt}. docker-auto ps lists them.`;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return `The containers at ${dockerHost} could not be checked: ${explainError(error, false)}`;
  }
}

function untilInterrupted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    // Nothing else needs to hold the process: the servers do, until they are stopped.
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
