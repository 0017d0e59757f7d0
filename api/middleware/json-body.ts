import express, { type RequestHandler } from 'express';
import { HttpError } from '../errors/http-error.ts';

const LIMIT = '1mb';
const parse = express.json({ limit: LIMIT, strict: true });

/** Reads a JSON body of at most 1 MB; a body of another type is refused, none is fine. */
export const jsonBody: RequestHandler = (request, response, next) => {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  if (hasBody && !request.is('application/json')) {
    const given = request.get('Content-Type') ?? 'none';
    next(new HttpError(415, `The body must be application/json; its Content-Type is ${given.slice(0, 100)}.`));
    return;
  }
  parse(request, response, next);
};
