import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

export const REQUEST_ID_HEADER = 'X-Request-Id';

/** Gives every answer an id: the caller's own where it is harmless in a log, otherwise a new one. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get(REQUEST_ID_HEADER) ?? '';
  response.set(REQUEST_ID_HEADER, /^[\w.-]{1,64}$/.test(given) ? given : randomUUID());
  next();
};
