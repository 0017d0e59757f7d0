import type { RequestHandler } from 'express';
import type { ApiLog } from '../context.ts';
import { REQUEST_ID_HEADER } from './request-id.ts';

/** One line for each answer, without the query, which may hold what people looked for. */
export function logRequests(log: ApiLog): RequestHandler {
  return (request, response, next) => {
    const { method, path } = request;
    const begun = performance.now();
    response.on('close', () => {
      const ms = Math.round(performance.now() - begun);
      const fields = { request_id: response.get(REQUEST_ID_HEADER), method, path, code: response.statusCode, ms };
      log.debug(fields, response.writableFinished ? 'answered' : 'caller left before the answer');
    });
    next();
  };
}
