import type { UpdateDetail } from '../../../db/read-models.ts';
import type { ApiContext } from '../../context.ts';
import { notFound } from '../../errors/not-found.ts';

/** @throws HttpError 404 when this tenant has no update of that id. */
export async function knownUpdate({ repositories, tenantId }: ApiContext, id: string): Promise<UpdateDetail> {
  const update = await repositories.updates.get(tenantId, id);
  if (!update) throw notFound('update', id);
  return update;
}
