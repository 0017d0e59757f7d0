import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { expect } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { createApp } from '../../api/app.ts';
import type { HealthChecks } from '../../api/context.ts';
import { type RunningApi, startApi } from '../../api/listen.ts';
import { createTemporalGateway, type TemporalGateway } from '../../api/temporal-gateway.ts';
import { freePort } from '../../embedded/free-port.ts';
import type { FreshDatabase } from '../db/real-postgres.ts';
import { TENANT } from '../db/samples.ts';

const TOKEN = 'token-of-the-test';

export interface Answered {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: what is in it is what the tests find out.
  body: { code: number; message: string; data: any; timestamp: string };
}

export interface Sent {
  body?: unknown;
  /** Goes out as it is, in place of `body`. */
  raw?: string;
  headers?: Record<string, string>;
  /** Null sends none. */
  token?: string | null;
}

export interface ApiUnderTest extends RunningApi {
  /** Lines that the API logged as errors. */
  readonly errors: string[];
  /** Every answer is checked for the envelope and the request id on its way. */
  call(method: string, path: string, sent?: Sent): Promise<Answered>;
}

interface Parts {
  database: Pick<FreshDatabase, 'repositories' | 'ping'>;
  temporal: TemporalGateway;
  health?: Partial<HealthChecks>;
}

/** The API on a free port over the given parts. */
export async function startApiUnderTest({ database, temporal, health }: Parts): Promise<ApiUnderTest> {
  const errors: string[] = [];
  const app = createApp({
    repositories: database.repositories,
    temporal,
    token: TOKEN,
    tenantId: TENANT,
    maxParallel: 2,
    version: '0.0.0-test',
    health: { pingDatabase: database.ping, dataDirectory: tmpdir(), ...health },
    log: { debug: () => undefined, error: ({ err }, message) => void errors.push(`${message}: ${String(err)}`) },
  });
  const api = await startApi({ app, host: '127.0.0.1', port: 0 });
  return { ...api, errors, call: (method, path, sent) => call(api.url + path, method, sent) };
}

/** A gateway to an address where no server listens. */
export async function temporalAway(): Promise<{ gateway: TemporalGateway; close(): Promise<void> }> {
  const connection = Connection.lazy({ address: `127.0.0.1:${await freePort()}`, connectTimeout: 500 });
  return { gateway: createTemporalGateway(new Client({ connection })), close: () => connection.close() };
}

/** `fetch` would choose the Host header and merge dots in paths itself. */
async function call(
  url: string,
  method: string,
  { body, raw, headers = {}, token = TOKEN }: Sent = {},
): Promise<Answered> {
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const answered = await new Promise<Answered>((resolve, reject) => {
    const request = httpRequest(url, {
      method,
      agent: false,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(payload !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(payload),
        }),
        ...headers,
      },
    });
    request.on('error', reject);
    request.on('response', async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) });
    });
    request.end(payload);
  });
  expect(Object.keys(answered.body).sort()).toEqual(['code', 'data', 'message', 'timestamp']);
  expect(answered.body.code).toBe(answered.status);
  expect(new Date(answered.body.timestamp).toISOString()).toBe(answered.body.timestamp);
  expect(answered.headers['x-request-id']).toMatch(/^[\w.-]+$/);
  expect(answered.headers['x-powered-by']).toBeUndefined();
  return answered;
}
