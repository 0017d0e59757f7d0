import { randomUUID } from 'node:crypto';
import { type CheckedContainerAnswer, checkQuery, checkResultSchema } from '../../../contracts/api/images.ts';
import type { CheckedContainer } from '../../../contracts/check.ts';
import { LOCAL_HOST_ID } from '../../../contracts/task-queues.ts';
import type { ApiContext } from '../../context.ts';
import { defineRoute } from '../../define-route.ts';
import { HttpError } from '../../errors/http-error.ts';
import { presentContainerRecord } from '../containers/known-container.ts';

/** By host, the containers to check; an empty list means all of that host. */
type Selection = Map<string, string[]>;

/**
 * `GET /images/check`: asks the registries, but for what they said within the last hour unless `force` says so. Each container has its own result; a host that can't be asked is an
 * error in the rows of its containers, or of the whole answer when there is no other host.
 */
export const checkImages = defineRoute({
  method: 'get',
  path: '/images/check',
  access: 'token',
  query: checkQuery,
  data: checkResultSchema,
  async run({ query }, context) {
    const selection = query.container_id ? await selected(context, query.container_id) : await everything(context);
    const rows = await Promise.all(
      [...selection].map(async ([hostId, names]) => {
        try {
          return await checkOneHost(context, hostId, names, query.force);
        } catch (error) {
          if (selection.size === 1 || !(error instanceof HttpError)) throw error;
          return await rowsOfFailedHost(context, hostId, names, error.message);
        }
      }),
    );
    const items = rows.flat();
    return { data: { items, total: items.length } };
  },
});

async function selected(context: ApiContext, ids: string[]): Promise<Selection> {
  const selection: Selection = new Map();
  for (const id of new Set(ids)) {
    const { hostId, name } = await presentContainerRecord(context, id);
    selection.set(hostId, [...(selection.get(hostId) ?? []), name]);
  }
  return selection;
}

async function everything({ repositories, tenantId }: ApiContext): Promise<Selection> {
  const hosts = await repositories.hosts.list(tenantId);
  const ids = hosts.length > 0 ? hosts.map(({ id }) => id) : [LOCAL_HOST_ID];
  return new Map(ids.map((id) => [id, []]));
}

async function checkOneHost(
  context: ApiContext,
  hostId: string,
  names: string[],
  force: boolean,
): Promise<CheckedContainerAnswer[]> {
  const { temporal, tenantId } = context;
  const input = { tenantId, hostId, containerNames: names, inventoryOnly: false, force };
  const { containers } = await temporal.check(input, randomUUID());
  return containers.map((checked) => presentChecked(hostId, checked));
}

async function rowsOfFailedHost(
  { repositories, tenantId }: ApiContext,
  hostId: string,
  names: string[],
  reason: string,
): Promise<CheckedContainerAnswer[]> {
  const known = await repositories.containers.listAll(tenantId, hostId);
  return known
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .map((container) =>
      presentChecked(hostId, {
        containerId: container.id,
        containerName: container.name,
        image: container.image,
        currentDigest: container.currentDigest,
        candidateDigest: null,
        verdict: 'error',
        reason,
      }),
    );
}

function presentChecked(hostId: string, checked: CheckedContainer): CheckedContainerAnswer {
  return {
    container_id: checked.containerId,
    container_name: checked.containerName,
    host_id: hostId,
    image: checked.image,
    current_digest: checked.currentDigest,
    candidate_digest: checked.candidateDigest,
    outdated: checked.verdict === 'outdated',
    verdict: checked.verdict,
    reason: checked.reason,
  };
}
