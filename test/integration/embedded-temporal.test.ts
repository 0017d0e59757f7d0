import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import { type EmbeddedTemporal, startTemporal } from '../../embedded/temporal.ts';
import { findTemporalCli } from '../../embedded/temporal-cli.ts';

const HOST = defineSearchAttributeKey('SampleHost', 'KEYWORD');

/** A fresh machine builds the server here, once. */
const FIRST_BUILD_MS = 10 * 60_000;

let directory: string;
let cliPath: string;
let server: EmbeddedTemporal;
const lines: string[] = [];

function start(): Promise<EmbeddedTemporal> {
  return startTemporal({
    dataDirectory: directory,
    cliPath,
    searchAttributes: { [HOST.name]: 'Keyword' },
    namespace: 'sample',
    log: (line) => lines.push(line),
  });
}

async function withClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: server.address });
  try {
    return await use(new Client({ connection, namespace: 'sample' }));
  } finally {
    await connection.close();
  }
}

function statusOf(workflowId: string): Promise<string> {
  return withClient(async (client) => (await client.workflow.getHandle(workflowId).describe()).status.name);
}

function startWaiting(workflowId: string): Promise<unknown> {
  return withClient((client) =>
    client.workflow.start('nobodyRunsThis', {
      taskQueue: 'empty',
      workflowId,
      typedSearchAttributes: new TypedSearchAttributes([{ key: HOST, value: 'local' }]),
    }),
  );
}

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'docker-auto-test-temporal-'));
  const cacheDirectory = path.join(homedir(), '.docker-auto', 'cache');
  cliPath = await findTemporalCli({ cacheDirectory, env: process.env, notice: (line) => console.error(line) });
  server = await start();
}, FIRST_BUILD_MS);

afterAll(async () => {
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('the embedded Temporal server', () => {
  it('has its namespace and search attributes when it says that it is ready, and shows its pages', async () => {
    await startWaiting('typed');
    expect(await statusOf('typed')).toBe('RUNNING');
    expect((await fetch(server.uiUrl)).status).toBe(200);
  });

  it('comes back by itself at the same address after kill -9, and knows the runs that were under way', async () => {
    await startWaiting('outlives-kill');
    await server.server.restart('SIGKILL');
    expect(await statusOf('outlives-kill')).toBe('RUNNING');
    expect(lines).toContain('temporal runs again');
  });

  it('knows them after a stop and a start on the same file too', async () => {
    await startWaiting('outlives-stop');
    await server.stop();
    server = await start();
    expect(await statusOf('outlives-stop')).toBe('RUNNING');
    await withClient((client) => client.workflow.getHandle('outlives-stop').terminate());
    expect(await statusOf('outlives-stop')).toBe('TERMINATED');
  });
});
