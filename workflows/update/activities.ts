import {
  ActivityCancellationType,
  type ActivityOptions,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { DockerActivities } from '../../activities/docker/create-docker-activities.ts';
import type { HistoryActivities } from '../../activities/history/create-history-activities.ts';
import type { RegistryActivities } from '../../activities/registry/create-registry-activities.ts';
import { PERMANENT_FAILURES } from '../../contracts/failure-types.ts';
import { CORE_TASK_QUEUE, hostTaskQueue } from '../../contracts/task-queues.ts';

/** After this silence a step is taken up by the next worker; the activities tell every 2 s that they live. */
const HEARTBEAT_TIMEOUT = '12 seconds';
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/** How many attempts fit into a patience, with the waits between them doubling up to their limit. */
function attemptsWithin(patienceSeconds: number): number {
  let attempts = 1;
  let wait = FIRST_RETRY_MS;
  for (let waited = wait; waited <= patienceSeconds * 1000; waited += wait) {
    attempts += 1;
    wait = Math.min(wait * 2, LONGEST_RETRY_MS);
  }
  return attempts;
}

function hostOptions(hostId: string, patienceSeconds: number | null): ActivityOptions {
  return {
    taskQueue: hostTaskQueue(hostId),
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    // A host whose agent is away is waited for as its engine is.
    ...(patienceSeconds === null ? {} : { scheduleToStartTimeout: Math.max(patienceSeconds, 1) * 1000 }),
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: {
      initialInterval: FIRST_RETRY_MS,
      backoffCoefficient: 2,
      maximumInterval: LONGEST_RETRY_MS,
      nonRetryableErrorTypes: [...PERMANENT_FAILURES],
      ...(patienceSeconds === null ? {} : { maximumAttempts: attemptsWithin(patienceSeconds) }),
    },
  };
}

/**
 * The host's activities for steps that may be given up: an engine that is away is waited for that many seconds, and
 * nothing has changed.
 */
export function hostActivities(hostId: string, patienceSeconds: number): DockerActivities {
  return proxyActivities<DockerActivities>(hostOptions(hostId, patienceSeconds));
}

/** The same once the predecessor may be stopped: then only waiting can end well, so there is no limit. */
export function hostActivitiesWithoutLimit(hostId: string): DockerActivities {
  return proxyActivities<DockerActivities>(hostOptions(hostId, null));
}

/** Pulls and health watches, which take as long as they take while they tell that they live. */
export function longHostActivities(hostId: string, patienceSeconds: number | null): DockerActivities {
  return proxyActivities<DockerActivities>({
    ...hostOptions(hostId, patienceSeconds),
    startToCloseTimeout: '24 hours',
  });
}

/** Questions to registries; one that is away is asked again for that many seconds. */
export function registryActivities(patienceSeconds: number): RegistryActivities {
  return proxyActivities<RegistryActivities>({
    taskQueue: CORE_TASK_QUEUE,
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: {
      initialInterval: FIRST_RETRY_MS,
      backoffCoefficient: 2,
      maximumInterval: LONGEST_RETRY_MS,
      maximumAttempts: attemptsWithin(patienceSeconds),
      nonRetryableErrorTypes: [...PERMANENT_FAILURES],
    },
  });
}

/**
 * One question to a registry, asked beside the workflow without a detour over a task queue, and given up soon: what it
 * could not answer is for `registryActivities`, which are patient.
 */
export const registryAtOnce = proxyLocalActivities<RegistryActivities>({
  startToCloseTimeout: '2 seconds',
  retry: { maximumAttempts: 1 },
});

/** Short writes to the database, run beside the workflow without a detour over a task queue. */
export const history = proxyLocalActivities<HistoryActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: 200, backoffCoefficient: 2, maximumInterval: 5_000 },
});

/** The same as an ordinary activity, for writes that nothing waits for. */
export const unhurriedHistory = proxyActivities<HistoryActivities>({
  taskQueue: CORE_TASK_QUEUE,
  startToCloseTimeout: '30 seconds',
  // Beside the saga: it may fail, and whatever waits for it goes on.
  retry: { initialInterval: 500, backoffCoefficient: 2, maximumInterval: 10_000, maximumAttempts: 4 },
});
