import { z } from 'zod';
import { idParams } from '../../../contracts/api/query-values.ts';
import { defineRoute } from '../../define-route.ts';
import { notFound } from '../../errors/not-found.ts';

/** `DELETE /quarantine/{id}`: the digest may be tried again. */
export const removeQuarantine = defineRoute({
  method: 'delete',
  path: '/quarantine/:id',
  access: 'token',
  params: idParams,
  data: z.null(),
  async run({ params }, { repositories, tenantId }) {
    if (!(await repositories.quarantine.remove(tenantId, params.id))) throw notFound('quarantine entry', params.id);
    return { data: null };
  },
});
