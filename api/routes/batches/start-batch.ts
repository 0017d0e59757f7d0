import { randomUUID } from 'node:crypto';
import { batchBody, batchStartedSchema } from '../../../contracts/api/batches.ts';
import type { CircularBatch } from '../../../contracts/api/envelope.ts';
import type { BatchItem } from '../../../contracts/batch.ts';
import type { ContainerRecord } from '../../../db/read-models.ts';
import { orderBatch } from '../../../domain/dependents/batch-order.ts';
import type { ApiContext } from '../../context.ts';
import { defineRoute } from '../../define-route.ts';
import { HttpError } from '../../errors/http-error.ts';
import { presentContainerRecord } from '../containers/known-container.ts';
import { updateOverrides } from '../containers/update-overrides.ts';
import { updateTarget } from '../containers/update-target.ts';

type BatchedContainer = BatchItem & { containerId: string };

/** `POST /updates/batch`: 202 with the id of each update; 422 naming the circle where there is no order. */
export const startBatch = defineRoute({
  method: 'post',
  path: '/updates/batch',
  access: 'token',
  body: batchBody,
  data: batchStartedSchema,
  async run({ body, requestedBy }, context) {
    const { tenantId, temporal } = context;
    const containers: ContainerRecord[] = [];
    for (const id of new Set(body.container_ids)) containers.push(await presentContainerRecord(context, id));
    const batched = await inOrder(context, containers);
    const batchId = randomUUID();
    const maxParallel = body.max_parallel ?? context.maxParallel;
    await temporal.startBatch(
      {
        batchId,
        tenantId,
        requestedBy,
        maxParallel,
        items: batched.map(({ containerId: _row, ...item }) => item),
        update: {
          ...updateTarget(body.target),
          force: body.force,
          backup: body.backup,
          strategy: 'recreate',
          overrides: updateOverrides(body),
        },
      },
      { tenantId, maxParallel, items: batched.map(({ after: _after, ...item }) => item) },
    );
    return {
      status: 202,
      message: 'accepted',
      data: {
        batch_id: batchId,
        updates: batched.map(({ containerId, updateId }) => ({ container_id: containerId, update_id: updateId })),
      },
    };
  },
});

/**
 * The containers of each host in the order of their turns, as the labels of the last inventory have it.
 * @throws HttpError 422 naming the containers round a circle
 */
async function inOrder({ repositories, tenantId }: ApiContext, wanted: ContainerRecord[]): Promise<BatchedContainer[]> {
  const batched: BatchedContainer[] = [];
  for (const hostId of new Set(wanted.map((container) => container.hostId))) {
    const ofHost = new Map(
      wanted
        .filter((container) => container.hostId === hostId)
        .map(({ name, id }) => [name, { containerId: id, updateId: randomUUID() }] as const),
    );
    const labels = await repositories.containers.labelsOf(tenantId, hostId);
    const { order, cycle, circular } = orderBatch([...ofHost.keys()], labels);
    if (cycle !== null) {
      const ids = circular.flatMap((name) => ofHost.get(name)?.containerId ?? []);
      throw new HttpError(
        422,
        `${cycle.join(' → ')}: these containers depend on each other in a circle, so no order of updating them is right. Look at depends_on and the label docker-auto.depends-on.`,
        { body: { cycle, container_ids: ids } satisfies CircularBatch },
      );
    }
    for (const { name, after } of order) {
      const ids = ofHost.get(name);
      if (ids === undefined) continue;
      const before = after.flatMap((other) => ofHost.get(other)?.updateId ?? []);
      batched.push({ ...ids, hostId, containerName: name, after: before });
    }
  }
  return batched;
}
