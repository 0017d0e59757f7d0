import type { Client } from '@temporalio/client';
import {
  type SearchAttributePair,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/common';
import { CONTAINER_ATTRIBUTE, HOST_ATTRIBUTE, TENANT_ATTRIBUTE } from '../../contracts/search-attributes.ts';
import { CORE_TASK_QUEUE } from '../../contracts/task-queues.ts';
import { STEP_ORDER, type UpdateInput, type UpdateMemo } from '../../contracts/update.ts';
import { updateWorkflowId } from '../../contracts/workflow-ids.ts';

export type StartedUpdate =
  | { started: true; updateId: string; workflowId: string; runId: string }
  /** Another update of that container is running. */
  | { started: false; updateId: string; workflowId: string };

/** How often the lock is asked for when the run that held it ended in between. */
const TRIES = 3;

/**
 * Starts an update under its container's lock, or finds the running one's id in its memo, without a worker.
 * @throws Error when the lock is held by runs that end and begin faster than they can be asked, or by a foreign one.
 */
export async function startUpdate(client: Client, input: UpdateInput): Promise<StartedUpdate> {
  const { updateId } = input;
  const workflowId = updateWorkflowId(input.hostId, input.containerName);
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      const { firstExecutionRunId } = await client.workflow.start('updateContainer', {
        workflowId,
        taskQueue: CORE_TASK_QUEUE,
        args: [{ ...input, stepOrder: STEP_ORDER }],
        workflowIdConflictPolicy: 'FAIL',
        memo: { updateId } satisfies UpdateMemo,
        typedSearchAttributes: searchAttributes(input),
      });
      return { started: true, updateId, workflowId, runId: firstExecutionRunId };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    const running = await runningUpdateId(client, workflowId);
    if (running !== null) return { started: false, updateId: running, workflowId };
  }
  throw new Error(`Workflow ${workflowId} ended and began ${TRIES} times while it was asked for; ask again.`);
}

/** What the workflow server's lists can be filtered by. */
export function searchAttributes(
  input: Pick<UpdateInput, 'tenantId' | 'hostId' | 'containerName'>,
): SearchAttributePair[] {
  return [
    { key: TENANT_ATTRIBUTE, value: input.tenantId },
    { key: HOST_ATTRIBUTE, value: input.hostId },
    { key: CONTAINER_ATTRIBUTE, value: input.containerName },
  ];
}

/** Null when the run has ended. */
async function runningUpdateId(client: Client, workflowId: string): Promise<string | null> {
  try {
    const { status, memo } = await client.workflow.getHandle(workflowId).describe();
    if (status.name !== 'RUNNING') return null;
    if (typeof memo?.updateId === 'string') return memo.updateId;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
  throw new Error(`Workflow ${workflowId} carries no update id in its memo; it was not started by this program.`);
}
