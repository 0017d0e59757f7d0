import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { unavailable } from '../errors/unavailable.ts';

/** Refusals that asking again can't mend, by gRPC code: they are faults of ours or of the set-up, not an absence. */
const FAULTS: ReadonlySet<number> = new Set([
  3, // INVALID_ARGUMENT
  5, // NOT_FOUND
  6, // ALREADY_EXISTS
  7, // PERMISSION_DENIED
  12, // UNIMPLEMENTED
  16, // UNAUTHENTICATED
]);

/** The 503 that names Temporal where it could not be asked; any other error as it is. */
export function mapTemporalError(error: unknown): unknown {
  if (!(error instanceof ServiceError) && !isGrpcServiceError(error)) return error;
  const { cause } = error;
  const code = isGrpcServiceError(error) ? error.code : isGrpcServiceError(cause) ? cause.code : undefined;
  if (code !== undefined && FAULTS.has(code)) return error;
  return unavailable(
    'Temporal (the workflow server)',
    'it gave no answer in time. Check that it runs and that TEMPORAL_ADDRESS is right.',
    error,
  );
}
