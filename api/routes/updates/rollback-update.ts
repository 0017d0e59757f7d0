import { randomUUID } from 'node:crypto';
import { idParams } from '../../../contracts/api/query-values.ts';
import { rollbackBody, updateStartedSchema } from '../../../contracts/api/updates.ts';
import type { UpdateDetail } from '../../../db/read-models.ts';
import type { ApiContext } from '../../context.ts';
import { defineRoute } from '../../define-route.ts';
import { HttpError } from '../../errors/http-error.ts';
import { presentContainerRecord } from '../containers/known-container.ts';
import { knownUpdate } from './known-update.ts';
import { launchUpdate } from './launch-update.ts';

/** `POST /updates/{id}/rollback`: back to that update's predecessor, by an update of its own with the same answers. */
export const rollbackUpdate = defineRoute({
  method: 'post',
  path: '/updates/:id/rollback',
  access: 'token',
  params: idParams,
  body: rollbackBody,
  data: updateStartedSchema,
  async run({ params, body, requestedBy }, context) {
    const undone = await knownUpdate(context, params.id);
    await requirePredecessor(context, undone);
    const container = await presentContainerRecord(context, undone.containerId);
    return launchUpdate(context, {
      container,
      rollbackOf: undone.id,
      waitSeconds: body.wait,
      input: {
        updateId: randomUUID(),
        tenantId: context.tenantId,
        hostId: container.hostId,
        containerName: container.name,
        trigger: 'rollback',
        requestedBy,
        mode: 'update',
        target: { kind: 'backup', updateId: undone.id },
        force: false,
        backup: true,
        strategy: 'recreate',
        overrides: {
          ...(body.soak !== undefined && { soakSeconds: body.soak }),
          ...(body.writable_layer !== undefined && { writableLayer: body.writable_layer }),
        },
      },
    });
  },
});

/** @throws HttpError 422 with the reason when there is nothing to go back to. */
async function requirePredecessor({ repositories }: ApiContext, update: UpdateDetail): Promise<void> {
  if (update.status !== 'success') {
    const why = `it ended as "${update.status}", so its predecessor was not replaced`;
    const open = 'it has not ended; cancel it instead';
    throw impossible(update.id, update.completedAt === null ? open : why);
  }
  const backup = await repositories.backups.get(update.id);
  if (!backup) throw impossible(update.id, 'it kept no backup of its predecessor');
  if (backup.releasedAt !== null) {
    throw impossible(
      update.id,
      `the image that it kept (${backup.imageReference}) was given up at ${backup.releasedAt.toISOString()}`,
    );
  }
}

function impossible(id: string, why: string): HttpError {
  return new HttpError(422, `Update ${id} can't be rolled back: ${why}.`);
}
