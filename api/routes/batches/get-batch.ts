import { type Batch, batchSchema } from '../../../contracts/api/batches.ts';
import { idParams } from '../../../contracts/api/query-values.ts';
import type { UpdateRecord } from '../../../db/read-models.ts';
import type { ApiContext } from '../../context.ts';
import { defineRoute } from '../../define-route.ts';
import { notFound } from '../../errors/not-found.ts';
import type { KnownBatch } from '../../temporal/batches.ts';

/** `GET /updates/batch/{id}`: the state of each of its updates. */
export const getBatch = defineRoute({
  method: 'get',
  path: '/updates/batch/:id',
  access: 'token',
  params: idParams,
  data: batchSchema,
  async run({ params: { id } }, context) {
    const known = await context.temporal.batch(id);
    const batch = known?.memo.tenantId === context.tenantId ? await presentKnown(context, id, known) : null;
    const told = batch ?? (await presentForgotten(context, id));
    return { data: { ...told, counts: countsOf(told.updates) } };
  },
});

type Uncounted = Omit<Batch, 'counts'>;

async function presentKnown(
  { repositories, tenantId }: ApiContext,
  batchId: string,
  { memo, running, progress }: KnownBatch,
): Promise<Uncounted> {
  const begun = await repositories.updates.findMany(
    tenantId,
    memo.items.map(({ updateId }) => updateId),
  );
  const records = new Map(begun.map((record) => [record.id, record]));
  const turns = new Map(progress?.items.map((turn) => [turn.updateId, turn]));
  return {
    batch_id: batchId,
    running,
    cancel_requested: progress?.cancelRequested ?? false,
    max_parallel: memo.maxParallel,
    updates: memo.items.map(({ updateId, containerId, containerName, hostId }) => {
      const record = records.get(updateId);
      const turn = turns.get(updateId);
      const missing = running && turn?.state !== 'not_started' ? 'queued' : 'not_started';
      return {
        update_id: updateId,
        container_id: containerId,
        container_name: containerName,
        host_id: hostId,
        // One whose turn has just come is queued until it can be asked for.
        state: record?.status ?? missing,
        why: record === undefined ? (turn?.why ?? null) : null,
      };
    }),
  };
}

/** The workflow server keeps what has ended for some days only; what was begun is in the history for good. */
async function presentForgotten({ repositories, tenantId }: ApiContext, batchId: string): Promise<Uncounted> {
  const begun = await repositories.updates.ofBatch(tenantId, batchId);
  if (begun.length === 0) throw notFound('batch', batchId);
  return {
    batch_id: batchId,
    running: false,
    cancel_requested: false,
    max_parallel: null,
    updates: begun.map(presentBegun),
  };
}

function presentBegun({ id, containerId, containerName, hostId, status }: UpdateRecord): Batch['updates'][number] {
  return {
    update_id: id,
    container_id: containerId,
    container_name: containerName,
    host_id: hostId,
    state: status,
    why: null,
  };
}

function countsOf(updates: Batch['updates']): Batch['counts'] {
  const counts: Batch['counts'] = {};
  for (const { state } of updates) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
