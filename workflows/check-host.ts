import { proxyActivities } from '@temporalio/workflow';
import type { DockerActivities } from '../activities/docker/create-docker-activities.ts';
import type { ContainerToCheck } from '../activities/registry/check-images.ts';
import type { RegistryActivities } from '../activities/registry/create-registry-activities.ts';
import type { CheckedContainer, CheckInput, CheckResult } from '../contracts/check.ts';
import { CORE_TASK_QUEUE, hostTaskQueue } from '../contracts/task-queues.ts';
import { unhurriedHistory } from './update/activities.ts';

/** Containers in one answer: inspects are large, and an answer has a limit of 2 MB. */
const BATCH = 40;

/** How long what a registry said of a tag counts, unless it is asked for anew. */
const ANSWERS_LAST_MS = 3_600_000;
const TAG_LISTS_LAST_MS = 6 * 3_600_000;

/** A check is asked for by somebody who waits; an engine or registry that is away is told at once. */
const PATIENCE = { initialInterval: '300ms', maximumAttempts: 3 } as const;

const registry = proxyActivities<RegistryActivities>({
  taskQueue: CORE_TASK_QUEUE,
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '12 seconds',
  retry: PATIENCE,
});

function batches<Item>(items: Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  );
}

/** Takes the inventory of one host, then asks the registries what is newer, and records both. */
export async function checkHost(input: CheckInput): Promise<CheckResult> {
  const { tenantId, hostId } = input;
  // Of what is asked for by several of its batches the first one's answer is good enough.
  const began = Date.now();
  const ages = () => ({
    maxAgeMs: Date.now() - began + (input.force ? 0 : ANSWERS_LAST_MS),
    maxTagListAgeMs: Date.now() - began + (input.force ? 0 : TAG_LISTS_LAST_MS),
  });
  const host = proxyActivities<DockerActivities>({
    taskQueue: hostTaskQueue(hostId),
    startToCloseTimeout: '2 minutes',
    scheduleToStartTimeout: '30 seconds',
    heartbeatTimeout: '12 seconds',
    retry: PATIENCE,
  });
  const state = await host.describeHost();
  await unhurriedHistory.saveHost({ tenantId, hostId, state });

  const names = await host.listContainerNames();
  const wanted = new Set(input.containerNames.length > 0 ? input.containerNames : names);
  const checked: CheckedContainer[] = [];
  for (const batch of batches(names)) {
    const containers = await host.inspectForInventory({ names: batch });
    await unhurriedHistory.saveInventory({ tenantId, hostId, containers });
    if (input.inventoryOnly) continue;
    const toCheck = containers
      .filter(({ name }) => wanted.has(name))
      .map(
        ({
          inspect: _inspect,
          labels: _labels,
          status: _status,
          containerId: _id,
          protectedAs: _why,
          ...rest
        }): ContainerToCheck => rest,
      );
    if (toCheck.length === 0) continue;
    checked.push(
      ...(await unhurriedHistory.saveCheck({
        tenantId,
        hostId,
        checked: await registry.checkImages({ tenantId, containers: toCheck, ...ages() }),
      })),
    );
  }
  await unhurriedHistory.markVanished({ tenantId, hostId, names });
  return { hostId, containers: checked };
}
