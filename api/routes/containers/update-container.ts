import { randomUUID } from 'node:crypto';
import { idParams } from '../../../contracts/api/query-values.ts';
import { updateBody, updateStartedSchema } from '../../../contracts/api/updates.ts';
import { defineRoute } from '../../define-route.ts';
import { launchUpdate } from '../updates/launch-update.ts';
import { presentContainerRecord } from './known-container.ts';
import { updateOverrides } from './update-overrides.ts';
import { updateTarget } from './update-target.ts';

/** `POST /containers/{id}/update`: 202, 200 with the outcome when it came within `wait`, 409 when one is running. */
export const updateContainer = defineRoute({
  method: 'post',
  path: '/containers/:id/update',
  access: 'token',
  params: idParams,
  body: updateBody,
  data: updateStartedSchema,
  async run({ params, body, requestedBy }, context) {
    const container = await presentContainerRecord(context, params.id);
    return launchUpdate(context, {
      container,
      rollbackOf: null,
      waitSeconds: body.wait,
      input: {
        updateId: randomUUID(),
        tenantId: context.tenantId,
        hostId: container.hostId,
        containerName: container.name,
        trigger: 'manual',
        requestedBy,
        mode: 'update',
        ...updateTarget(body.target),
        force: body.force,
        backup: body.backup,
        strategy: body.strategy,
        overrides: updateOverrides(body),
      },
    });
  },
});
