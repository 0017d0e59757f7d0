import type { Client } from '@temporalio/client';
import { PROGRESS_QUERY, type UpdateProgress } from '../../contracts/update.ts';
import { type PendingWork, readPendingWork } from './pending-work.ts';

export interface RunningProgress extends PendingWork {
  /** Null when no worker answered in time. */
  progress: UpdateProgress | null;
}

/** Milliseconds for the question to the worker and for the one to the server, which are asked at once. */
const ANSWER_MS = 2_000;

/** How far a running update is. @throws Error of the client when the server can't be asked or knows no such run. */
export async function readProgress(client: Client, workflowId: string, runId?: string): Promise<RunningProgress> {
  const run = client.workflow.getHandle(workflowId, runId);
  return client.withDeadline(Date.now() + ANSWER_MS, async () => {
    const [progress, description] = await Promise.allSettled([
      run.query<UpdateProgress, []>(PROGRESS_QUERY),
      run.describe(),
    ]);
    if (description.status === 'rejected') throw description.reason;
    const pending = await readPendingWork(client, description.value.raw);
    return { ...pending, progress: progress.status === 'fulfilled' ? progress.value : null };
  });
}
