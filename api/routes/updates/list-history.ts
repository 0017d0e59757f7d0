import { historyQuery, updateListSchema } from '../../../contracts/api/updates.ts';
import { defineRoute } from '../../define-route.ts';
import { presentUpdate } from './present-update.ts';

/** `GET /updates/history`: one page, newest first. */
export const listHistory = defineRoute({
  method: 'get',
  path: '/updates/history',
  access: 'token',
  query: historyQuery,
  data: updateListSchema,
  async run({ query }, { repositories, tenantId }) {
    const { page, limit } = query;
    const { items, total } = await repositories.updates.list({
      tenantId,
      page,
      limit,
      ...(query.container_id !== undefined && { containerId: query.container_id }),
      ...(query.status !== undefined && { status: query.status }),
      ...(query.start_date !== undefined && { startDate: query.start_date }),
      ...(query.end_date !== undefined && { endDate: query.end_date }),
      ...(query.triggered_by !== undefined && { triggeredBy: query.triggered_by }),
    });
    return { data: { items: items.map(presentUpdate), total, page, limit } };
  },
});
