import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { CORE_TASK_QUEUE } from '../../contracts/task-queues.ts';
import type { Cipher } from '../../domain/cipher.ts';
import { startTemporal } from '../../embedded/temporal.ts';
import { findTemporalCli } from '../../embedded/temporal-cli.ts';
import { createDataConverter } from '../../worker/data-converter.ts';
import type { StubActivities } from './stub-workflows.ts';

export interface RealTemporal {
  /** With the payload codec, as the program's own. */
  client: Client;
  /** Serves the stub workflows until its `stop`. */
  startStubWorker(activities: StubActivities): Promise<{ stop(): Promise<void> }>;
  stop(): Promise<void>;
}

/** Starts a Temporal dev server of the test's own, in which nobody works yet. */
export async function startRealTemporal(cipher: Cipher): Promise<RealTemporal> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'docker-auto-test-api-'));
  const closers: Array<() => Promise<void>> = [() => rm(dataDirectory, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const notice = () => undefined;
    const cacheDirectory = path.join(tmpdir(), 'docker-auto-cache');
    const cliPath = await findTemporalCli({ cacheDirectory, env: process.env, notice });
    const searchAttributes = SEARCH_ATTRIBUTES;
    const server = await startTemporal({ dataDirectory, cliPath, searchAttributes, namespace: 'default', log: notice });
    closers.push(() => server.stop());
    const connection = await Connection.connect({ address: server.address });
    closers.push(() => connection.close());
    const dataConverter = createDataConverter(cipher);
    const client = new Client({ connection, dataConverter });

    const startStubWorker = async (activities: StubActivities) => {
      // Failures on purpose are not news.
      Runtime.install({ logger: new DefaultLogger('ERROR') });
      const native = await NativeConnection.connect({ address: server.address });
      const worker = await Worker.create({
        connection: native,
        dataConverter,
        taskQueue: CORE_TASK_QUEUE,
        workflowsPath: fileURLToPath(new URL('./stub-workflows.ts', import.meta.url)),
        activities: { ...activities },
        maxHeartbeatThrottleInterval: '200ms',
        defaultHeartbeatThrottleInterval: '200ms',
      });
      const running = worker.run();
      const stopWorker = async () => {
        worker.shutdown();
        await running;
        await native.close();
      };
      return { stop: stopWorker };
    };
    return { client, startStubWorker, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
