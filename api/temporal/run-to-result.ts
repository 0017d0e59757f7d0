import { type Client, isGrpcDeadlineError, type WorkflowStartOptions } from '@temporalio/client';
import { HttpError } from '../errors/http-error.ts';
import { unavailable } from '../errors/unavailable.ts';
import { mapWorkflowFailure } from './map-workflow-failure.ts';
import { readPendingWork } from './pending-work.ts';

export interface ResultWanted {
  workflow: 'updateContainer' | 'checkHost';
  hostId: string;
  options: WorkflowStartOptions;
  /** Milliseconds that the caller waits. */
  patienceMs: number;
  /** As people call it, such as `plan`. */
  what: string;
}

/** Milliseconds for one question to the workflow server. */
const ANSWER_MS = 5_000;

/**
 * Starts a workflow and waits for its result.
 * @throws HttpError 404 or 422 with the workflow's failure; 503 naming the part that is away, or what the run still
 *   waits for when it takes longer than `patienceMs`.
 */
export async function runToResult<Result>(client: Client, wanted: ResultWanted): Promise<Result> {
  const { hostId, patienceMs, what } = wanted;
  let runs = false;
  try {
    const handle = await client.withDeadline(Date.now() + ANSWER_MS, () =>
      client.workflow.start(wanted.workflow, wanted.options),
    );
    runs = true;
    return await client.withDeadline(Date.now() + patienceMs, () => handle.result());
  } catch (error) {
    if (!runs || !isGrpcDeadlineError(error)) throw mapWorkflowFailure(error, hostId);
  }
  const seconds = Math.round(patienceMs / 1000);
  try {
    const why = await client.withDeadline(Date.now() + ANSWER_MS, () =>
      whatItWaitsFor(client, wanted.options.workflowId),
    );
    throw (
      why ?? new HttpError(503, `The ${what} for host "${hostId}" did not come within ${seconds} s; ask again later.`)
    );
  } catch (error) {
    throw mapWorkflowFailure(error, hostId);
  }
}

async function whatItWaitsFor(client: Client, workflowId: string): Promise<HttpError | null> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const { waitingFor } = await readPendingWork(client, raw, 0);
  return (
    waitingFor && unavailable('A worker', `${waitingFor.activity}, attempt ${waitingFor.attempt}: ${waitingFor.reason}`)
  );
}
