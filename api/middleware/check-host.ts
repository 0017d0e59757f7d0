import type { RequestHandler } from 'express';
import { HttpError } from '../errors/http-error.ts';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const EVERYWHERE = ['0.0.0.0', '::', '[::]'];

/**
 * Refuses requests that came here under a foreign name: a page on the web can point a name of its own to 127.0.0.1 and
 * would then talk to us with the browser's help (DNS rebinding). Bound to all addresses there is no list of right names.
 * @param host what the API is bound to.
 */
export function checkHost(host: string): RequestHandler {
  const accepted = new Set([
    ...LOOPBACK,
    host.includes(':') && !host.startsWith('[') ? `[${host}]` : host.toLowerCase(),
  ]);
  return (request, _response, next) => {
    if (EVERYWHERE.includes(host) || accepted.has(hostname(request.headers.host ?? ''))) {
      next();
      return;
    }
    next(new HttpError(403, `Requests must name this server as one of: ${[...accepted].join(', ')}.`));
  };
}

function hostname(header: string): string {
  return header.replace(/:\d+$/, '').toLowerCase();
}
