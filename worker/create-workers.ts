import type { DataConverter } from '@temporalio/common';
import { createDockerActivities, type DockerActivityClients } from '../activities/docker/create-docker-activities.ts';
import {
  createHistoryActivities,
  type HistoryActivityClients,
} from '../activities/history/create-history-activities.ts';
import { createNotifyActivities } from '../activities/notify/create-notify-activities.ts';
import {
  createRegistryActivities,
  type RegistryActivityClients,
} from '../activities/registry/create-registry-activities.ts';
import { type AroundActivity, withApplicationFailures } from '../activities/to-application-failure.ts';
import { CORE_TASK_QUEUE, hostTaskQueue } from '../contracts/task-queues.ts';
import { installRuntime } from './install-runtime.ts';
import { type RunningWorker, startWorker } from './start-worker.ts';

/** Running activities are given this long to end before they are told to hand over. */
const GRACE = '3 seconds';
/** Most of them only watch a container's health; the start of another must never wait for one of those. */
const ACTIVITIES_PER_HOST = 200;

interface WorkerSurroundings {
  address: string;
  namespace: string;
  dataConverter: DataConverter;
  log(line: string): void;
  aroundActivity?: AroundActivity;
}

/** The core worker: workflows, and activities that need the database, registries or notification channels. */
export function startCoreWorker(
  surroundings: WorkerSurroundings,
  clients: HistoryActivityClients & RegistryActivityClients,
  bundlePath: string,
): Promise<RunningWorker> {
  const { address, namespace, dataConverter, log, aroundActivity } = surroundings;
  installRuntime(log);
  return startWorker({
    address,
    log,
    worker: {
      namespace,
      dataConverter,
      taskQueue: CORE_TASK_QUEUE,
      workflowBundle: { codePath: bundlePath },
      activities: withApplicationFailures(
        {
          ...createHistoryActivities(clients),
          ...createRegistryActivities(clients),
          ...createNotifyActivities(clients),
        },
        aroundActivity,
      ),
      shutdownGraceTime: GRACE,
      maxHeartbeatThrottleInterval: '3 seconds',
    },
  });
}

/** The agent of one host: activities that need its engine, and nothing else. */
export function startHostWorker(
  surroundings: WorkerSurroundings,
  hostId: string,
  clients: DockerActivityClients,
): Promise<RunningWorker> {
  const { address, namespace, dataConverter, log, aroundActivity } = surroundings;
  installRuntime(log);
  return startWorker({
    address,
    log,
    worker: {
      namespace,
      dataConverter,
      taskQueue: hostTaskQueue(hostId),
      activities: withApplicationFailures(createDockerActivities(clients), aroundActivity),
      maxConcurrentActivityTaskExecutions: ACTIVITIES_PER_HOST,
      shutdownGraceTime: GRACE,
      maxHeartbeatThrottleInterval: '3 seconds',
    },
  });
}
