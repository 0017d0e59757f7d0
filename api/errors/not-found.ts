import { HttpError } from './http-error.ts';

/** 404 on one thing, which another tenant's thing is as well. */
export function notFound(kind: 'container' | 'update' | 'batch' | 'quarantine entry', id: string): HttpError {
  return new HttpError(404, `There is no ${kind} with id ${id}.`);
}
