import type { ErrorRequestHandler } from 'express';
import type { ApiContext } from '../context.ts';
import { HttpError } from '../errors/http-error.ts';
import { unavailable } from '../errors/unavailable.ts';
import { send } from '../send.ts';
import { within } from '../within.ts';
import { REQUEST_ID_HEADER } from './request-id.ts';

/** Milliseconds for the question whether an unexpected error is the database's absence. */
const PING_MS = 800;

/** What Express and its body parser refuse, by status, in our own words. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The request can’t be read: its path or its JSON body is malformed.',
  413: 'The body is larger than 1 MB.',
  415: 'The body’s character set or encoding is not supported; send JSON in UTF-8.',
};

/** The one place where an error becomes an answer. What isn't ours to show stays in the log, under the request's id. */
export function answerErrors({ health, log }: ApiContext): ErrorRequestHandler {
  return async (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const answer = refusal(error) ?? (await databaseAway(error, health.pingDatabase));
    const status = answer?.status ?? 500;
    const requestId = response.get(REQUEST_ID_HEADER);
    if (status >= 500) {
      log.error({ request_id: requestId, method: request.method, path: request.path, err: error }, 'request failed');
    }
    if (status === 401) response.set('WWW-Authenticate', 'Bearer');
    if (answer) send(response, status, answer.body, answer.message);
    else send(response, status, null, `Something went wrong here; the log has it under request id ${requestId}.`);
  };
}

function refusal(error: unknown): HttpError | null {
  if (error instanceof HttpError) return error;
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  const message = REFUSALS[status];
  return message === undefined ? null : new HttpError(status, message, { cause: error });
}

/** Repositories throw whatever the driver throws; whether it is an absence is seen by asking. */
async function databaseAway(error: unknown, ping: () => Promise<void>): Promise<HttpError | null> {
  try {
    await within(PING_MS, ping());
    return null;
  } catch {
    return unavailable('The database', 'it gave no answer. Check that it runs and that DATABASE_URL is right.', error);
  }
}
