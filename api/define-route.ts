import type { Request } from 'express';
import { z } from 'zod';
import type { ValidationErrors } from '../contracts/api/envelope.ts';
import { noQuery } from '../contracts/api/query-values.ts';
import type { ApiContext } from './context.ts';
import { HttpError } from './errors/http-error.ts';

export interface Answer<Data> {
  /** 200 unless said. */
  status?: number;
  data: Data;
  message?: string;
}

interface RouteDefinition<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Data extends z.ZodType,
> {
  method: 'get' | 'post' | 'delete';
  /** Below `/api/v1`. */
  path: string;
  /** `open` answers without a token. */
  access: 'open' | 'token';
  params?: Params;
  query?: Query;
  body?: Body;
  /** Schema of the answer's data. */
  data: Data;
  run(
    input: { params: z.output<Params>; query: z.output<Query>; body: z.output<Body>; requestedBy: string },
    context: ApiContext,
  ): Promise<Answer<z.input<Data>>>;
}

/** A route as the table holds it: its schemas, and `answer`, which checks a request by them before it runs. */
export interface Route
  extends Pick<RouteDefinition<z.ZodType, z.ZodType, z.ZodType, z.ZodType>, 'method' | 'path' | 'access' | 'data'> {
  params: z.ZodType;
  query: z.ZodType;
  body: z.ZodType;
  /** @throws HttpError 400 naming every field that is wrong. */
  answer(request: Request, requestedBy: string, context: ApiContext): Promise<Answer<unknown>>;
}

const NOTHING = z.strictObject({});

/** A route whose `run` gets only what its schemas let through; a part without a schema must be empty. */
export function defineRoute<
  Data extends z.ZodType,
  Params extends z.ZodType = typeof NOTHING,
  Query extends z.ZodType = typeof NOTHING,
  Body extends z.ZodType = typeof NOTHING,
>(definition: RouteDefinition<Params, Query, Body, Data>): Route {
  const { method, path, access, data } = definition;
  const params = definition.params ?? NOTHING;
  const query = definition.query ?? noQuery;
  const body = definition.body ?? NOTHING;
  return {
    method,
    path,
    access,
    data,
    params,
    query,
    body,
    async answer(request, requestedBy, context) {
      const checked = {
        path: params.safeParse({ ...request.params }),
        query: query.safeParse({ ...request.query }),
        body: body.safeParse(request.body ?? {}),
      };
      const errors = Object.entries(checked).flatMap(([where, { error }]) => describeIssues(where, error));
      if (errors.length > 0) {
        throw new HttpError(400, 'The request is not as expected.', { body: { errors } satisfies ValidationErrors });
      }
      const input = {
        params: checked.path.data as z.output<Params>,
        query: checked.query.data as z.output<Query>,
        body: checked.body.data as z.output<Body>,
        requestedBy,
      };
      return definition.run(input, context);
    },
  };
}

function describeIssues(where: string, error: z.ZodError | undefined): ValidationErrors['errors'] {
  return (error?.issues ?? []).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [where, ...issue.path, key].join('.'), message: 'is not known here' }));
    }
    return [{ path: [where, ...issue.path].join('.'), message: issue.message }];
  });
}
