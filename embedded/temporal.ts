import path from 'node:path';
import { Connection } from '@temporalio/client';
import { onFreePorts } from './free-port.ts';
import { type SupervisedProcess, superviseProcess } from './supervised-process.ts';

export interface EmbeddedTemporal {
  /** `host:port` of the gRPC front end. The same after every restart by the supervision. */
  readonly address: string;
  readonly uiUrl: string;
  readonly server: SupervisedProcess;
  stop(): Promise<void>;
}

export interface EmbeddedTemporalOptions {
  dataDirectory: string;
  /** From `findTemporalCli`. */
  cliPath: string;
  /** Name → type as the server's command line spells it, such as `Keyword`. Known to the server before it counts as ready. */
  searchAttributes: Readonly<Record<string, string>>;
  namespace: string;
  log: (line: string) => void;
  /** Free ones by default. */
  port?: number;
  uiPort?: number;
}

/**
 * Starts the Temporal dev server on 127.0.0.1 with its database in `<dataDirectory>/temporal.sqlite`: runs survive its
 * death and go on after a restart on the same file. Resolves when the namespace and its search attributes answer.
 * @throws Error with the end of the server's log when it doesn't start.
 */
export function startTemporal(options: EmbeddedTemporalOptions): Promise<EmbeddedTemporal> {
  return onFreePorts(async (choose) =>
    startOn(options, options.port ?? (await choose()), options.uiPort ?? (await choose())),
  );
}

async function startOn(options: EmbeddedTemporalOptions, port: number, uiPort: number): Promise<EmbeddedTemporal> {
  const directory = path.resolve(options.dataDirectory);
  const address = `127.0.0.1:${port}`;
  const server = await superviseProcess({
    name: 'temporal',
    command: options.cliPath,
    args: serverArguments(options, path.join(directory, 'temporal.sqlite'), port, uiPort),
    cwd: directory,
    env: serverEnvironment(),
    directory,
    ready: () => answers(address, options),
    readyTimeoutMs: 60_000,
    log: options.log,
  });
  return { address, uiUrl: `http://127.0.0.1:${uiPort}`, server, stop: () => server.stop() };
}

function serverArguments(
  { namespace, searchAttributes }: EmbeddedTemporalOptions,
  database: string,
  port: number,
  uiPort: number,
): string[] {
  const attributes = Object.entries(searchAttributes).flatMap(([name, type]) => [
    '--search-attribute',
    `${name}=${type}`,
  ]);
  return [
    'server',
    'start-dev',
    '--db-filename',
    database,
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--ui-port',
    String(uiPort),
    '--namespace',
    namespace,
    ...attributes,
    // Half the time of each transaction, and as durable.
    '--sqlite-pragma',
    'journal_mode=wal',
    '--log-level',
    'warn',
  ];
}

/** The CLI takes an address, a profile and more from variables, which are meant for talking to another server. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

async function answers(
  address: string,
  { namespace, searchAttributes }: Pick<EmbeddedTemporalOptions, 'namespace' | 'searchAttributes'>,
): Promise<boolean> {
  let connection: Connection | null = null;
  try {
    connection = await Connection.connect({ address, connectTimeout: '2s' });
    await connection.workflowService.describeNamespace({ namespace });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return Object.keys(searchAttributes).every((name) => name in (customAttributes ?? {}));
  } catch {
    // Not listening yet, or the namespace is still being made: asked again soon.
    return false;
  } finally {
    await connection?.close();
  }
}
