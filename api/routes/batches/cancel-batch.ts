import { batchSignalledSchema } from '../../../contracts/api/batches.ts';
import { idParams } from '../../../contracts/api/query-values.ts';
import { defineRoute } from '../../define-route.ts';
import { HttpError } from '../../errors/http-error.ts';
import { notFound } from '../../errors/not-found.ts';

/** `POST /updates/batch/{id}/cancel`: no more of it are started; those that run end by themselves. */
export const cancelBatch = defineRoute({
  method: 'post',
  path: '/updates/batch/:id/cancel',
  access: 'token',
  params: idParams,
  data: batchSignalledSchema,
  async run({ params: { id } }, context) {
    const known = await context.temporal.batch(id);
    if (known?.memo.tenantId !== context.tenantId) throw notFound('batch', id);
    if (!known.running || !(await context.temporal.cancelBatch(id))) {
      throw new HttpError(409, `Batch ${id} can't take "cancel": it has ended.`);
    }
    return { status: 202, message: 'accepted', data: { batch_id: id } };
  },
});
