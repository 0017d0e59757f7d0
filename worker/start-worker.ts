import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';

const LONGEST_WAIT_MS = 10_000;

export interface RunningWorker {
  /** Lets running activities end (or hand over after the grace), then stops polling. */
  stop(): Promise<void>;
}

/**
 * Runs one worker until it is stopped. One that fails (its server was replaced, a connection it can't mend) is made
 * anew with growing pauses, since an updater is left alone for weeks.
 * @throws Error when the first start fails
 */
export async function startWorker(options: {
  address: string;
  log(line: string): void;
  worker: Omit<WorkerOptions, 'connection'>;
}): Promise<RunningWorker> {
  let stopping = false;
  let current = await create(options);
  let running = current.worker.run();

  const supervise = async (): Promise<void> => {
    for (let wait = 500; !stopping; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        await running;
        return;
      } catch (error) {
        options.log(`The worker of queue ${options.worker.taskQueue} stopped (${String(error)}); it is started again.`);
        await delay(wait);
        if (stopping) return;
        await current.connection
          .close()
          .catch((closing: unknown) => options.log(`Its connection did not close: ${String(closing)}`));
        running = recreate();
      }
    }
  };
  const recreate = async (): Promise<void> => {
    current = await create(options);
    await current.worker.run();
  };
  const supervised = supervise();

  return {
    async stop() {
      stopping = true;
      if (current.worker.getState() === 'RUNNING') current.worker.shutdown();
      await supervised;
      await current.connection.close();
    },
  };
}

async function create({
  address,
  worker,
}: {
  address: string;
  worker: Omit<WorkerOptions, 'connection'>;
}): Promise<{ worker: Worker; connection: NativeConnection }> {
  const connection = await NativeConnection.connect({ address });
  return { connection, worker: await Worker.create({ ...worker, connection } as WorkerOptions) };
}
