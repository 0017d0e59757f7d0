import { containerListSchema, containersQuery } from '../../../contracts/api/containers.ts';
import { defineRoute } from '../../define-route.ts';
import { findNamed } from './find-named.ts';
import { presentContainer } from './present-container.ts';

/** `GET /containers`: one page, by name. */
export const listContainers = defineRoute({
  method: 'get',
  path: '/containers',
  access: 'token',
  query: containersQuery,
  data: containerListSchema,
  async run({ query }, context) {
    const { page, limit, status, search, name, policy, host, outdated } = query;
    if (name !== undefined) {
      const found = await findNamed(context, name, query);
      const items = found.slice((page - 1) * limit, page * limit).map(presentContainer);
      return { data: { items, total: found.length, page, limit } };
    }
    const { repositories, tenantId } = context;
    const { items, total } = await repositories.containers.list({
      tenantId,
      page,
      limit,
      status,
      ...(search !== undefined && { search }),
      ...(policy !== undefined && { policy }),
      ...(host !== undefined && { hostId: host }),
      ...(outdated !== undefined && { outdated }),
    });
    return { data: { items: items.map(presentContainer), total, page, limit } };
  },
});
