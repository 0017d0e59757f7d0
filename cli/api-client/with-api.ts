import { CommandError } from '../command-error.ts';
import { Interrupted } from '../interruption.ts';
import type { EnginePolicy } from '../program/choose-engine.ts';
import { quietConfiguration, type Shell } from '../shell.ts';
import { ApiClient } from './api-client.ts';
import { findLocalServer } from './find-local-server.ts';
import type { ApiAddress } from './request.ts';

export interface Connection {
  api: ApiClient;
  /** True when the server runs in this process and stops with the command. */
  temporary: boolean;
}

/**
 * Runs a command against the API: the one of `--url`, else the server that runs on this data directory, else one that
 * is started in this process for as long as the command takes.
 * @param needs.engine false for a command that can do without the Docker engine, which may be away then.
 */
export async function withApi<T>(
  shell: Shell,
  run: (connection: Connection) => Promise<T>,
  needs: { engine: boolean } = { engine: true },
): Promise<T> {
  const address = await findAddress(shell);
  if (address !== null) return run({ api: connect(address, shell), temporary: false });
  const engine = needs.engine ? 'reachable' : 'configured';
  return withTemporaryProgram(shell, engine, (temporary) => run({ api: connect(temporary, shell), temporary: true }));
}

function connect(address: ApiAddress, shell: Shell): ApiClient {
  return new ApiClient({ ...address, signal: shell.interrupted });
}

async function findAddress({ options, loaded }: Shell): Promise<ApiAddress | null> {
  const { apiToken, dataDir } = loaded.configuration;
  const local = await findLocalServer(dataDir);
  if (options.url === undefined) return local;
  if (!/^https?:\/\//.test(options.url) || !URL.canParse(options.url)) {
    throw new CommandError(`--url is ${JSON.stringify(options.url)}; allowed: http://host:port or https://host:port.`);
  }
  const url = new URL(options.url).origin;
  const token = options.token ?? apiToken ?? (local?.url === url ? local.token : null);
  if (token === null) throw new CommandError(`The API at ${url} needs a token; give it with --token or API_TOKEN.`);
  return { url, token };
}

async function withTemporaryProgram<T>(
  shell: Shell,
  engine: EnginePolicy,
  run: (address: ApiAddress) => Promise<T>,
): Promise<T> {
  const { startProgram } = await import('../program/start-program.ts');
  const program = await startProgram({
    // Nobody else is told of this server, so any free port on loopback will do.
    configuration: { ...quietConfiguration(shell, 'silent'), port: 0, host: '127.0.0.1' },
    notice: (line) => shell.stderr.write(`${line}\n`),
    engine,
  });
  try {
    if (shell.interrupted.aborted) throw new Interrupted();
    return await run({ url: program.apiUrl, token: program.token });
  } finally {
    await program.stop();
  }
}
