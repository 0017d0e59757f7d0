import type { RunningUpdate } from '../../../contracts/api/envelope.ts';
import type { UpdateStarted } from '../../../contracts/api/updates.ts';
import type { UpdateInput } from '../../../contracts/update.ts';
import type { ContainerRecord } from '../../../db/read-models.ts';
import type { ApiContext } from '../../context.ts';
import type { Answer } from '../../define-route.ts';
import { HttpError } from '../../errors/http-error.ts';
import { isOpen, presentUpdate } from './present-update.ts';

export interface Launch {
  input: UpdateInput;
  container: ContainerRecord;
  rollbackOf: string | null;
  /** How long the answer may be held back for the outcome; 0 doesn't wait. */
  waitSeconds: number;
}

/**
 * Starts the update and opens its history row, so that it can be read at once.
 * @throws HttpError 409 with the running update's id when the container has one; 503 when Temporal is away.
 */
export async function launchUpdate(context: ApiContext, launch: Launch): Promise<Answer<UpdateStarted>> {
  const { input, container, waitSeconds } = launch;
  const started = await context.temporal.startUpdate(input);
  const { workflowId } = started;
  if (!started.started) {
    const body: RunningUpdate = { update_id: started.updateId, workflow_id: workflowId };
    throw new HttpError(409, `Update ${started.updateId} of container "${container.name}" is running.`, { body });
  }
  await openHistory(context, launch, started);
  const run = { workflowId, runId: started.runId };
  const ended = waitSeconds > 0 && (await context.temporal.waitForEnd(run, waitSeconds * 1000));
  const update = ended ? await context.repositories.updates.get(context.tenantId, input.updateId) : null;
  const answer = { update_id: input.updateId, workflow_id: workflowId };
  if (update && !isOpen(update)) {
    return { data: { ...answer, status: update.status, result: presentUpdate(update) } };
  }
  return { status: 202, message: 'accepted', data: { ...answer, status: update?.status ?? 'running', result: null } };
}

/** The workflow opens its row as well; that this one failed must not hide that the update runs. */
async function openHistory(
  { repositories, log }: ApiContext,
  { input, container, rollbackOf }: Launch,
  { workflowId, runId }: { workflowId: string; runId: string },
): Promise<void> {
  const { updateId, tenantId, hostId, containerName, requestedBy } = input;
  try {
    await repositories.updates.open({
      updateId,
      tenantId,
      hostId,
      containerName,
      containerId: container.id,
      image: container.image,
      workflowId,
      runId,
      triggeredBy: 'manual',
      requestedBy,
      batchId: null,
      rollbackOf,
      startedAt: new Date(),
    });
  } catch (error) {
    log.error({ update_id: updateId, container: containerName, err: error }, 'history row left to the workflow');
  }
}
