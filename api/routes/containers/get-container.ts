import { containerDetailSchema } from '../../../contracts/api/containers.ts';
import { idParams } from '../../../contracts/api/query-values.ts';
import { defineRoute } from '../../define-route.ts';
import { presentUpdate } from '../updates/present-update.ts';
import { knownContainer } from './known-container.ts';
import { presentContainer } from './present-container.ts';

/** `GET /containers/{id}`: with its last update, also of a container that has vanished. */
export const getContainer = defineRoute({
  method: 'get',
  path: '/containers/:id',
  access: 'token',
  params: idParams,
  data: containerDetailSchema,
  async run({ params }, context) {
    const container = await knownContainer(context, params.id);
    const { repositories, tenantId } = context;
    const { items } = await repositories.updates.list({ tenantId, containerId: container.id, page: 1, limit: 1 });
    const [last] = items;
    return { data: { ...presentContainer(container), last_update: last ? presentUpdate(last) : null } };
  },
});
