import express, { type Express, type RequestHandler, Router } from 'express';
import type { ApiContext } from './context.ts';
import type { Route } from './define-route.ts';
import { HttpError } from './errors/http-error.ts';
import { answerErrors } from './middleware/answer-errors.ts';
import { authenticate } from './middleware/bearer-token.ts';
import { checkHost } from './middleware/check-host.ts';
import { jsonBody } from './middleware/json-body.ts';
import { logRequests } from './middleware/log-requests.ts';
import { requestId } from './middleware/request-id.ts';
import { ROOT_ROUTES, VERSIONS } from './route-table.ts';
import { send } from './send.ts';

export interface AppOptions extends Omit<ApiContext, 'log'> {
  /** What a caller must send as bearer token. */
  token: string;
  /** What the API is bound to; decides which names it answers to. Default 127.0.0.1. */
  host?: string;
  log?: ApiContext['log'];
}

const SILENT: ApiContext['log'] = { debug: () => undefined, error: () => undefined };

/** The HTTP API over these parts; it opens no port (see `startApi`) and talks to no engine. */
export function createApp({ token, host = '127.0.0.1', log = SILENT, ...parts }: AppOptions): Express {
  const context: ApiContext = { ...parts, log };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestId, logRequests(log), checkHost(host));
  app.use(routesOf(ROOT_ROUTES, token, context));
  for (const [version, routes] of Object.entries(VERSIONS)) {
    app.use(`/api/${version}`, routesOf(routes, token, context), unknownRoute(token));
  }
  app.use('/api', unknownVersion);
  app.use(unknownRoute());
  app.use(answerErrors(context));
  return app;
}

function routesOf(routes: readonly Route[], token: string, context: ApiContext): Router {
  const router = Router({ caseSensitive: true });
  for (const route of routes) {
    const requester: RequestHandler = (request, response, next) => {
      response.locals.requestedBy = route.access === 'open' ? '' : authenticate(request, token);
      next();
    };
    router[route.method](route.path, requester, jsonBody, async (request, response) => {
      const { status = 200, data, message } = await route.answer(request, response.locals.requestedBy, context);
      send(response, status, data, message);
    });
  }
  return router;
}

/** With a token given, which routes there are is nobody's business without it. */
function unknownRoute(token?: string): RequestHandler {
  return (request) => {
    if (token !== undefined) authenticate(request, token);
    throw new HttpError(404, `There is no route ${request.method} ${request.baseUrl}${request.path}.`);
  };
}

const unknownVersion: RequestHandler = (request) => {
  const served = Object.keys(VERSIONS).map((version) => `/api/${version}`);
  const asked = request.path.split('/')[1] ?? '';
  throw new HttpError(404, `API version "${asked.slice(0, 40)}" is not served here; served: ${served.join(', ')}.`);
};
