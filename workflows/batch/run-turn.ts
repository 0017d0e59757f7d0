import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  log,
  ParentClosePolicy,
  sleep,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { BatchInput, BatchItem } from '../../contracts/batch.ts';
import { CONTAINER_ATTRIBUTE, HOST_ATTRIBUTE, TENANT_ATTRIBUTE } from '../../contracts/search-attributes.ts';
import { STEP_ORDER, type UpdateInput, type UpdateMemo } from '../../contracts/update.ts';
import { updateWorkflowId } from '../../contracts/workflow-ids.ts';
import { explainFailure } from '../update/explain-failure.ts';
import { updateContainer } from '../update-container.ts';
import type { Turns } from './turns.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/** How often each was found held so far; what it waits grows with it. */
export class Patience {
  readonly #waits = new Map<string, number>();

  /** Milliseconds until it is worth another try. */
  next({ updateId }: BatchItem): number {
    const wait = this.#waits.get(updateId) ?? FIRST_WAIT_MS;
    this.#waits.set(updateId, Math.min(wait * 2, LONGEST_WAIT_MS));
    return wait;
  }
}

/**
 * One turn: the update runs as a child under its container's lock, and its end is waited for. Where the lock is held, by
 * an update of its own or by that of a container whose namespaces it uses, the turn is given back for a while.
 */
export async function runTurn(input: BatchInput, item: BatchItem, turns: Turns, patience: Patience): Promise<void> {
  turns.start(item);
  let update: Awaited<ReturnType<typeof startUpdate>>;
  try {
    update = await startUpdate(input, item);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      turns.leaveOut(item, `It could not be started: ${explainFailure(error).message}`);
      return;
    }
    turns.hold(item);
    await sleep(patience.next(item));
    turns.requeue(item);
    return;
  }
  try {
    await update.result();
  } catch (error) {
    // An update tells its outcome as a result; this one was terminated from outside. It has ended all the same.
    log.warn('An update of the batch ended without a result', { updateId: item.updateId, error: String(error) });
  }
  turns.end(item);
}

function startUpdate(input: BatchInput, item: BatchItem) {
  const { batchId, tenantId, requestedBy, update } = input;
  const { updateId, hostId, containerName } = item;
  const args: [UpdateInput] = [
    {
      ...update,
      ...{ updateId, tenantId, hostId, containerName, requestedBy, batchId },
      trigger: 'batch',
      mode: 'update',
      stepOrder: STEP_ORDER,
    },
  ];
  return startChild(updateContainer, {
    workflowId: updateWorkflowId(hostId, containerName),
    args,
    memo: { updateId } satisfies UpdateMemo,
    typedSearchAttributes: [
      { key: TENANT_ATTRIBUTE, value: tenantId },
      { key: HOST_ATTRIBUTE, value: hostId },
      { key: CONTAINER_ATTRIBUTE, value: containerName },
    ],
    // What was begun ends by itself, whatever becomes of the batch.
    parentClosePolicy: ParentClosePolicy.ABANDON,
    cancellationType: ChildWorkflowCancellationType.ABANDON,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
  });
}
