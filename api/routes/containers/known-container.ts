import type { ContainerRecord } from '../../../db/read-models.ts';
import type { ApiContext } from '../../context.ts';
import { HttpError } from '../../errors/http-error.ts';
import { notFound } from '../../errors/not-found.ts';

/** @throws HttpError 404 when this tenant has no container of that id. */
export async function knownContainer({ repositories, tenantId }: ApiContext, id: string): Promise<ContainerRecord> {
  const container = await repositories.containers.get(tenantId, id);
  if (!container) throw notFound('container', id);
  return container;
}

/** @throws HttpError 404 as above; 422 for one that its engine no longer had at the last look. */
export async function presentContainerRecord(context: ApiContext, id: string): Promise<ContainerRecord> {
  const container = await knownContainer(context, id);
  if (container.status === 'removed') {
    const where = `host "${container.hostId}"`;
    throw new HttpError(
      422,
      `Container "${container.name}" is no longer on ${where}; check again if it was made anew.`,
    );
  }
  return container;
}
