import { quarantineListSchema, quarantineQuery } from '../../../contracts/api/quarantine.ts';
import { defineRoute } from '../../define-route.ts';

/** `GET /quarantine`: one page, newest first. */
export const listQuarantine = defineRoute({
  method: 'get',
  path: '/quarantine',
  access: 'token',
  query: quarantineQuery,
  data: quarantineListSchema,
  async run({ query: { page, limit } }, { repositories, tenantId }) {
    const entries = await repositories.quarantine.list(tenantId);
    const items = entries.slice((page - 1) * limit, page * limit).map((entry) => ({
      id: entry.id,
      container_id: entry.containerId,
      container_name: entry.containerName,
      digest: entry.digest,
      update_id: entry.updateId,
      reason: entry.reason,
      created_at: entry.createdAt.toISOString(),
    }));
    return { data: { items, total: entries.length, page, limit } };
  },
});
