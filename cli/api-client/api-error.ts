import { circularBatchSchema, runningUpdateSchema } from '../../contracts/api/envelope.ts';

/** The API answered with an error; `message` is its own sentence. */
export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** On a 409 the update that is running for that container, else null. */
  readonly runningUpdateId: string | null;

  /** On a 422 on a batch the containers that depend on each other in a circle, else none. */
  readonly circularIds: readonly string[];

  constructor(status: number, message: string, payload: unknown) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.runningUpdateId = (status === 409 && runningUpdateSchema.safeParse(payload).data?.update_id) || null;
    this.circularIds = (status === 422 && circularBatchSchema.safeParse(payload).data?.container_ids) || [];
  }
}
