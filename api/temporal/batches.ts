import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { BatchInput, BatchMemo, BatchProgress } from '../../contracts/batch.ts';
import { TENANT_ATTRIBUTE } from '../../contracts/search-attributes.ts';
import { CORE_TASK_QUEUE } from '../../contracts/task-queues.ts';
import { PROGRESS_QUERY } from '../../contracts/update.ts';
import { batchWorkflowId } from '../../contracts/workflow-ids.ts';

/** A batch as the workflow server knows it. */
export interface KnownBatch {
  memo: BatchMemo;
  running: boolean;
  /** Null when no worker answered in time. */
  progress: BatchProgress | null;
}

/** Milliseconds for the question to the worker and for the one to the server, which are asked at once. */
const ANSWER_MS = 2_000;

/** Starts a batch. */
export async function startBatch(client: Client, input: BatchInput, memo: BatchMemo): Promise<void> {
  await client.workflow.start('batchUpdate', {
    workflowId: batchWorkflowId(input.batchId),
    taskQueue: CORE_TASK_QUEUE,
    args: [input],
    memo: { ...memo },
    typedSearchAttributes: [{ key: TENANT_ATTRIBUTE, value: input.tenantId }],
  });
}

/**
 * How far a batch is; null when the server knows none of that id, any more or at all.
 * @throws Error of the client when the server can't be asked
 */
export async function readBatch(client: Client, batchId: string): Promise<KnownBatch | null> {
  const run = client.workflow.getHandle(batchWorkflowId(batchId));
  return client.withDeadline(Date.now() + ANSWER_MS, async () => {
    const [progress, description] = await Promise.allSettled([
      run.query<BatchProgress, []>(PROGRESS_QUERY),
      run.describe(),
    ]);
    if (description.status === 'rejected') {
      if (description.reason instanceof WorkflowNotFoundError) return null;
      throw description.reason;
    }
    const { memo, status } = description.value;
    if (!isBatchMemo(memo)) throw new Error(`Workflow ${run.workflowId} carries no batch in its memo.`);
    return {
      memo,
      running: status.name === 'RUNNING',
      progress: progress.status === 'fulfilled' ? progress.value : null,
    };
  });
}

function isBatchMemo(memo: unknown): memo is BatchMemo {
  return typeof memo === 'object' && memo !== null && 'items' in memo && Array.isArray(memo.items);
}
