import { HttpError } from './http-error.ts';

/** 503: a part that we need is away. `part` is named as people know it, such as `Temporal`. */
export function unavailable(part: string, why: string, cause?: unknown): HttpError {
  return new HttpError(503, `${part} is not available: ${why}`, { cause });
}
