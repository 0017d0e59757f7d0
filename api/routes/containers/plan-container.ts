import { randomUUID } from 'node:crypto';
import { type Plan, planQuery, planSchema } from '../../../contracts/api/containers.ts';
import { idParams } from '../../../contracts/api/query-values.ts';
import type { ImageVersion, UpdatePlan } from '../../../contracts/update.ts';
import { defineRoute } from '../../define-route.ts';
import { HttpError } from '../../errors/http-error.ts';
import { presentContainerRecord } from './known-container.ts';
import { updateTarget } from './update-target.ts';

/** `GET /containers/{id}/plan`: what an update would do and why; changes nothing. */
export const planContainer = defineRoute({
  method: 'get',
  path: '/containers/:id/plan',
  access: 'token',
  params: idParams,
  query: planQuery,
  data: planSchema,
  async run({ params, query, requestedBy }, context) {
    const container = await presentContainerRecord(context, params.id);
    const updateId = randomUUID();
    const { plan, message } = await context.temporal.plan(
      {
        updateId,
        tenantId: context.tenantId,
        hostId: container.hostId,
        containerName: container.name,
        trigger: 'manual',
        requestedBy,
        mode: 'plan',
        ...updateTarget(query.target),
        force: false,
        backup: true,
        strategy: 'recreate',
        overrides: query.writable_layer === undefined ? {} : { writableLayer: query.writable_layer },
      },
      updateId,
    );
    if (!plan) throw new HttpError(422, message);
    return { data: presentPlan(plan) };
  },
});

function presentPlan(plan: UpdatePlan): Plan {
  return {
    container_name: plan.containerName,
    would_update: plan.wouldUpdate,
    reason: plan.reason,
    current: presentVersion(plan.current),
    candidate: plan.candidate && presentVersion(plan.candidate),
    steps: plan.steps.map(({ step, action, cause }) => ({ step, action, cause })),
    differences: plan.differences.map(({ path, before, after, cause }) => ({ path, before, after, cause })),
    warnings: plan.warnings,
  };
}

function presentVersion({ reference, digest, imageId }: ImageVersion): Plan['current'] {
  return { reference, digest, image_id: imageId };
}
