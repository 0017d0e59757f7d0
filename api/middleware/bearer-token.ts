import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { HttpError } from '../errors/http-error.ts';

/** Whom the history names for what was asked with the generated token. */
const LOCAL_REQUESTER = 'local';

/**
 * Who asks. Both sides are hashed first, so that comparing takes the same time whatever the length.
 * @throws HttpError 401 without the right token.
 */
export function authenticate(request: Request, token: string): string {
  const given = /^Bearer (\S+)$/i.exec(request.get('Authorization') ?? '')?.[1];
  if (given !== undefined && timingSafeEqual(digest(given), digest(token))) return LOCAL_REQUESTER;
  const why = given === undefined ? 'A token is needed' : 'The token is not valid';
  throw new HttpError(401, `${why}: send the header "Authorization: Bearer <token>".`);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
