import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ApiClient } from '../api-client/api-client.ts';
import type { Configuration } from '../configuration.ts';
import { runDemo } from '../demo/run-demo.ts';
import { Interrupted } from '../interruption.ts';
import { startProgram } from '../program/start-program.ts';
import { quietConfiguration, type Shell } from '../shell.ts';

/** `docker-auto demo`: the sample stack in a sandbox of its own, from which nothing stays. */
export async function demo(shell: Shell): Promise<number> {
  const { configuration } = shell.loaded;
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-demo-'));
  try {
    await shareCache(configuration.dataDir, dataDir);
    return await demonstrate(shell, ownWorld(quietConfiguration(shell, 'silent'), dataDir));
  } finally {
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** What takes minutes to fetch or build is kept where the next start finds it. */
async function shareCache(from: string, to: string): Promise<void> {
  const cache = path.join(from, 'cache');
  await mkdir(cache, { recursive: true, mode: 0o700 });
  await symlink(cache, path.join(to, 'cache'));
}

/** Whatever real servers, engines and receivers are configured, the demonstration touches none of them. */
function ownWorld(configuration: Configuration, dataDir: string): Configuration {
  return {
    ...configuration,
    dataDir,
    port: 0,
    host: '127.0.0.1',
    databaseUrl: null,
    temporalAddress: null,
    temporalNamespace: 'default',
    dockerHost: null,
    dockerConfig: path.join(dataDir, 'docker-config'),
    notifications: { webhook: null, email: null },
  };
}

async function demonstrate(shell: Shell, configuration: Configuration): Promise<number> {
  const program = await startProgram({
    configuration,
    notice: (line) => shell.stderr.write(`${line}\n`),
    engine: 'sandbox',
  });
  try {
    if (shell.interrupted.aborted) throw new Interrupted();
    if (program.sandbox === null) throw new Error('the program started without its sandbox');
    const api = new ApiClient({ url: program.apiUrl, token: program.token, signal: shell.interrupted });
    return await runDemo(shell, { api, temporary: true }, program.sandbox);
  } finally {
    await program.stop();
  }
}
