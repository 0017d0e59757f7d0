import type { Client, WorkflowExecutionStatusName } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { DescribeRun, RunEnd } from '../activities/history/close-lost-updates.ts';

const ENDS: Partial<Record<WorkflowExecutionStatusName, RunEnd>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed_out',
};

async function describe(client: Client, workflowId: string, runId?: string) {
  try {
    return await client.workflow.getHandle(workflowId, runId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** Asks the workflow server how the run of an update ended. A run that was reset goes on as another of the same id. */
export function describeRuns(client: Client): DescribeRun {
  return async ({ id, workflowId, runId }) => {
    const run = await describe(client, workflowId, runId ?? undefined);
    const end = run === null ? 'unknown' : (ENDS[run.status.name] ?? null);
    if (end === null || runId === null) return end;
    const latest = await describe(client, workflowId);
    const goesOn = latest !== null && ENDS[latest.status.name] === undefined && latest.memo?.updateId === id;
    return goesOn ? null : end;
  };
}
