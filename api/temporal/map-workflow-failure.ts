import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import { isPermanentFailure, PASSING_FAILURES } from '../../contracts/failure-types.ts';
import { HttpError } from '../errors/http-error.ts';
import { unavailable } from '../errors/unavailable.ts';
import { mapTemporalError } from './map-temporal-error.ts';

/**
 * What a plan or check that failed means to the caller: 404 for a container that is gone, 422 for what can't be done,
 * 503 for a part that is away. Only failures of our own types are quoted; any other error is given back as it is.
 * @param hostId the host that it was about.
 */
export function mapWorkflowFailure(error: unknown, hostId: string): unknown {
  if (!(error instanceof WorkflowFailedError)) return mapTemporalError(error);
  const causes = causeChain(error);
  const failure = causes.findLast((cause) => cause instanceof ApplicationFailure);
  if (failure) {
    const type = failure.type ?? '';
    if (type === 'ContainerNotFound') return new HttpError(404, failure.message, { cause: error });
    if (isPermanentFailure(type)) return new HttpError(422, failure.message, { cause: error });
    if ((PASSING_FAILURES as readonly string[]).includes(type)) {
      return unavailable(partOf(type, hostId), failure.message, error);
    }
    return error;
  }
  if (causes.some((cause) => cause instanceof TimeoutFailure)) {
    return unavailable(`Host "${hostId}"`, 'its agent did not answer in time. Check that it runs.', error);
  }
  return error;
}

function partOf(type: string, hostId: string): string {
  return type === 'EngineUnavailable' ? `The engine of host "${hostId}"` : 'The registry';
}

function causeChain(error: Error): Error[] {
  const { cause } = error;
  return cause instanceof Error ? [error, ...causeChain(cause)] : [error];
}
