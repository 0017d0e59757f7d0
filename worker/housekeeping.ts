import type { Client } from '@temporalio/client';
import { closeLostUpdates } from '../activities/history/close-lost-updates.ts';
import type { NotificationChannels } from '../activities/notify/channels.ts';
import type { CheckInput } from '../contracts/check.ts';
import { CORE_TASK_QUEUE } from '../contracts/task-queues.ts';
import { inventoryWorkflowId } from '../contracts/workflow-ids.ts';
import type { Repositories } from '../db/repositories/repositories.ts';
import { deliverRemaining, startDelivery } from './deliver-remaining.ts';
import { describeRuns } from './describe-run.ts';
import { type PeriodicJob, periodically } from './periodically.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const VERSIONS_KEPT_MS = 30 * DAY_MS;
/** Younger ones are left in peace: their run and their row may not both be there yet. */
const LEAST_AGE_MS = MINUTE_MS;
/** For all the questions of one run of a job to the workflow server. */
const PATIENCE_MS = MINUTE_MS;

export interface HousekeepingParts {
  client: Client;
  repositories: Repositories;
  channels: NotificationChannels;
  tenantId: string;
  hostId: string;
  /** Seconds between two inventories of the host; 0 turns them off. */
  inventorySeconds: number;
  log(line: string): void;
}

/** What the core's program sees to by itself, besides the workflows that somebody asked for. */
export function startHousekeeping(parts: HousekeepingParts): { stop(): Promise<void> } {
  const { log } = parts;
  const jobs = [lostUpdates(parts), remainingNotifications(parts), oldVersions(parts), ...inventories(parts)];
  const running = jobs.map((job) => periodically(withDeadlines(parts.client, job), log));
  return {
    async stop() {
      await Promise.all(running.map((job) => job.stop()));
    },
  };
}

/** A server that is away must neither hold up a job for ever nor the program's end. */
function withDeadlines(client: Client, job: PeriodicJob): PeriodicJob {
  return {
    ...job,
    run: (signal) =>
      client.withAbortSignal(signal, () => client.withDeadline(Date.now() + PATIENCE_MS, () => job.run(signal))),
  };
}

function lostUpdates({ client, repositories, channels, log }: HousekeepingParts): PeriodicJob {
  return {
    name: 'look for updates that were ended from outside',
    firstAfterMs: 0,
    everyMs: MINUTE_MS,
    async run() {
      const before = new Date(Date.now() - LEAST_AGE_MS);
      for (const lost of await closeLostUpdates(repositories, channels, describeRuns(client), before)) {
        log(lost.message);
        if (lost.notifications > 0) await startDelivery(client, lost.updateId);
      }
    },
  };
}

function remainingNotifications({ client, repositories, log }: HousekeepingParts): PeriodicJob {
  let atStart = true;
  return {
    name: 'take up notifications that were not delivered',
    firstAfterMs: 0,
    everyMs: 60 * MINUTE_MS,
    async run() {
      await deliverRemaining(client, repositories.outbox, { atStart, log });
      atStart = false;
    },
  };
}

/** Of a tag that nobody has asked for in so long nobody runs anything any more. */
function oldVersions({ repositories }: HousekeepingParts): PeriodicJob {
  return {
    name: 'forget what registries said long ago',
    firstAfterMs: 10 * MINUTE_MS,
    everyMs: DAY_MS,
    async run() {
      await repositories.imageVersions.forget(new Date(Date.now() - VERSIONS_KEPT_MS));
    },
  };
}

/** The engine's own truth, whatever happened to its containers without us; no registry is asked. */
function inventories({ client, tenantId, hostId, inventorySeconds }: HousekeepingParts): PeriodicJob[] {
  if (inventorySeconds === 0) return [];
  const everyMs = inventorySeconds * 1000;
  return [
    {
      name: 'take the inventory of the host',
      firstAfterMs: everyMs,
      everyMs,
      async run() {
        const input: CheckInput = { tenantId, hostId, containerNames: [], inventoryOnly: true, force: false };
        await client.workflow.start('checkHost', {
          workflowId: inventoryWorkflowId(hostId),
          taskQueue: CORE_TASK_QUEUE,
          args: [input],
          workflowIdConflictPolicy: 'USE_EXISTING',
          // An engine that is away now is looked at the next time.
          workflowExecutionTimeout: Math.max(everyMs, MINUTE_MS),
        });
      },
    },
  ];
}
