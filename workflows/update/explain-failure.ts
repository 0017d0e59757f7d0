import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';

export interface ExplainedFailure {
  /** One of our failure types, or `Cancelled`, or `Unexpected`. */
  type: string;
  message: string;
}

/** What a failed step means, in our own failure types; looks through the layers that the workflow server adds. */
export function explainFailure(error: unknown): ExplainedFailure {
  if (isCancellation(error)) return { type: 'Cancelled', message: 'Cancelled by request.' };
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if (current instanceof ApplicationFailure) return { type: current.type ?? 'Unexpected', message: current.message };
    if (current instanceof TimeoutFailure && current.timeoutType === 'SCHEDULE_TO_START') {
      return {
        type: 'EngineUnavailable',
        message: 'The agent of this host did not take up the work in time. Check that it runs there.',
      };
    }
  }
  const name = error instanceof ActivityFailure ? ` in ${error.activityType}` : '';
  return {
    type: 'Unexpected',
    message: `Unexpected failure${name}: ${error instanceof Error ? error.message : String(error)}`,
  };
}
