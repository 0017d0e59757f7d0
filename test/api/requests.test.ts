import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { errorEnvelopeSchema } from '../../contracts/api/envelope.ts';
import { type RealPostgres, startRealPostgres } from '../db/real-postgres.ts';
import { inventoryItem, NOON, TENANT } from '../db/samples.ts';
import { type ApiUnderTest, startApiUnderTest, temporalAway } from './api-under-test.ts';

let postgres: RealPostgres;
let api: ApiUnderTest;
let containerId: string;
const closers: Array<() => Promise<void>> = [];

beforeAll(async () => {
  postgres = await startRealPostgres();
  closers.push(() => postgres.stop());
  const database = await postgres.freshDatabase();
  const { gateway, close } = await temporalAway();
  closers.push(close);
  api = await startApiUnderTest({ database, temporal: gateway });
  closers.push(() => api.stop());
  const { containers } = database.repositories;
  await containers.saveInventory({ tenantId: TENANT, hostId: 'local', items: [inventoryItem('web')], at: NOON });
  containerId = (await containers.findByName(TENANT, 'local', 'web'))?.id ?? '';
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

const anId = randomUUID();

describe('a request that is not as the API expects', () => {
  const bad: Array<[string, string, string, unknown, string]> = [
    ['an id that is no UUID', 'GET', '/api/v1/containers/web', undefined, 'path.id'],
    ['an update id that is no UUID', 'GET', '/api/v1/updates/1', undefined, 'path.id'],
    ['a quarantine id that is no UUID', 'DELETE', '/api/v1/quarantine/1', undefined, 'path.id'],
    ['page 0', 'GET', '/api/v1/containers?page=0', undefined, 'query.page'],
    ['a page beyond all counting', 'GET', '/api/v1/containers?page=99999999', undefined, 'query.page'],
    ['a page given twice', 'GET', '/api/v1/containers?page=1&page=2', undefined, 'query.page'],
    ['a page that is no number', 'GET', '/api/v1/updates/history?page=one', undefined, 'query.page'],
    ['limit 101', 'GET', '/api/v1/containers?limit=101', undefined, 'query.limit'],
    ['limit 0', 'GET', '/api/v1/quarantine?limit=0', undefined, 'query.limit'],
    ['a negative limit', 'GET', '/api/v1/updates/history?limit=-1', undefined, 'query.limit'],
    ['an unknown container status', 'GET', '/api/v1/containers?status=dead', undefined, 'query.status'],
    ['an unknown flag value', 'GET', '/api/v1/containers?outdated=yes', undefined, 'query.outdated'],
    ['a NUL in a search', 'GET', '/api/v1/containers?search=a%00b', undefined, 'query.search'],
    ['an unknown query parameter', 'GET', '/api/v1/containers?pages=1', undefined, 'query.pages'],
    ['an unknown update status', 'GET', '/api/v1/updates/history?status=ok', undefined, 'query.status'],
    ['an unknown trigger', 'GET', '/api/v1/updates/history?triggered_by=me', undefined, 'query.triggered_by'],
    ['a date that is none', 'GET', '/api/v1/updates/history?start_date=2026-02-30', undefined, 'query.start_date'],
    [
      'a container to check that is no UUID',
      'GET',
      '/api/v1/images/check?container_id=web',
      undefined,
      'query.container_id',
    ],
    [
      'a target that is neither tag nor digest',
      'GET',
      `/api/v1/containers/${anId}/plan?target=a/b`,
      undefined,
      'query.target',
    ],
    ['an unknown body key', 'POST', `/api/v1/containers/${anId}/update`, { forced: true }, 'body.forced'],
    ['a body value of another type', 'POST', `/api/v1/containers/${anId}/update`, { force: 'true' }, 'body.force'],
    ['a wait beyond 120 s', 'POST', `/api/v1/containers/${anId}/update`, { wait: 121 }, 'body.wait'],
    [
      'a target with a shortened digest',
      'POST',
      `/api/v1/containers/${anId}/update`,
      { target: 'sha256:abc' },
      'body.target',
    ],
    [
      'a strategy that is not built',
      'POST',
      `/api/v1/containers/${anId}/update`,
      { strategy: 'magic' },
      'body.strategy',
    ],
    ['a batch of nothing', 'POST', '/api/v1/updates/batch', {}, 'body.container_ids'],
    ['a batch of no containers', 'POST', '/api/v1/updates/batch', { container_ids: [] }, 'body.container_ids'],
    [
      'a batch of more than 500',
      'POST',
      '/api/v1/updates/batch',
      { container_ids: Array.from({ length: 501 }, () => randomUUID()) },
      'body.container_ids',
    ],
    [
      'a batch of which none may run',
      'POST',
      '/api/v1/updates/batch',
      { container_ids: [anId], max_parallel: 0 },
      'body.max_parallel',
    ],
    [
      'a batch with a field that is not built',
      'POST',
      '/api/v1/updates/batch',
      { container_ids: [anId], on_failure: 'stop' },
      'body.on_failure',
    ],
    [
      'a batch that is to be waited for',
      'POST',
      '/api/v1/updates/batch',
      { container_ids: [anId], wait: 1 },
      'body.wait',
    ],
    ['a batch id that is no UUID', 'GET', '/api/v1/updates/batch/1', undefined, 'path.id'],
    ['a body that is a list', 'POST', `/api/v1/containers/${anId}/update`, [], 'body'],
    ['a body where none is taken', 'POST', `/api/v1/updates/${anId}/cancel`, { now: true }, 'body.now'],
  ];

  it.each(bad)('is refused for %s, and told where', async (_what, method, path, body, where) => {
    const { status, body: answer } = await api.call(method, path, body === undefined ? {} : { body });
    expect(status).toBe(400);
    expect(errorEnvelopeSchema.safeParse(answer).error).toBeUndefined();
    expect(answer.data.errors.map((error: { path: string }) => error.path)).toContain(where);
  });

  it('hears of every field that is wrong at once', async () => {
    const path = `/api/v1/containers/none/update?x=1`;
    const { body } = await api.call('POST', path, { body: { wait: -1, soak: 1.5 } });
    const paths = body.data.errors.map((error: { path: string }) => error.path);
    expect(paths).toEqual(['path.id', 'query.x', 'body.wait', 'body.soak']);
  });

  it('is refused as malformed when its body is no JSON', async () => {
    const { status, body } = await api.call('POST', `/api/v1/containers/${anId}/update`, { raw: '{"force": tru' });
    expect({ status, data: body.data }).toEqual({ status: 400, data: null });
    expect(body.message).not.toMatch(/Unexpected token|position/);
  });

  it('is refused as malformed when its path can’t be decoded', async () => {
    const { status } = await api.call('GET', '/api/v1/containers/%E0%A4%A');
    expect(status).toBe(400);
  });

  it('is refused when its body is larger than 1 MB', async () => {
    const raw = JSON.stringify({ target: 'x'.repeat(1024 * 1024) });
    const { status, body } = await api.call('POST', `/api/v1/containers/${anId}/update`, { raw });
    expect({ status, data: body.data }).toEqual({ status: 413, data: null });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'is refused when its body is %s',
    async (type) => {
      const sent = { raw: 'force=true', headers: { 'content-type': type } };
      const { status, body } = await api.call('POST', `/api/v1/containers/${anId}/update`, sent);
      expect(status).toBe(415);
      expect(body.message).toContain(type);
    },
  );
});

describe('a request for something that is not there', () => {
  const missing: Array<[string, string, string, unknown?]> = [
    ['a container', 'GET', `/api/v1/containers/${anId}`],
    ['a plan of a container', 'GET', `/api/v1/containers/${anId}/plan`],
    ['an update of a container', 'POST', `/api/v1/containers/${anId}/update`],
    ['a check of a container', 'GET', `/api/v1/images/check?container_id=${anId}`],
    ['an update', 'GET', `/api/v1/updates/${anId}`],
    ['a rollback of an update', 'POST', `/api/v1/updates/${anId}/rollback`],
    ['a cancel of an update', 'POST', `/api/v1/updates/${anId}/cancel`],
    ['a container of a batch', 'POST', '/api/v1/updates/batch', { container_ids: [anId] }],
    ['a quarantine entry', 'DELETE', `/api/v1/quarantine/${anId}`],
  ];

  const cases = missing.map(([what, method, path, sent]) => ({ what, method, path, sent }));

  it.each(cases)('is told so for $what', async ({ method, path, sent }) => {
    const { status, body } = await api.call(method, path, sent === undefined ? {} : { body: sent });
    expect({ status, data: body.data }).toEqual({ status: 404, data: null });
    expect(body.message).toContain(anId);
  });

  it.each([
    ['GET', '/api/v1/nothing'],
    ['DELETE', '/api/v1/containers'],
    ['GET', '/nothing'],
    ['GET', '/api/v1/Containers'],
  ])('is told so for the route %s %s', async (method, path) => {
    const { status, body } = await api.call(method, path);
    expect({ status, data: body.data }).toEqual({ status: 404, data: null });
  });

  it('hears which versions are served', async () => {
    const { status, body } = await api.call('GET', '/api/v9/containers', { token: null });
    expect(status).toBe(404);
    expect(body.message).toContain('"v9"');
    expect(body.message).toContain('/api/v1');
  });
});

describe('a request without the right token', () => {
  it.each([
    ['none', { token: null }],
    ['another', { token: 'token-of-the-tesT' }],
    ['a longer one', { token: 'token-of-the-test2' }],
    ['another scheme', { token: null, headers: { authorization: 'Basic dG9rZW4=' } }],
  ])('is refused with %s, on every route and before anything is read', async (_what, sent) => {
    for (const [method, path] of [
      ['GET', '/api/v1/containers'],
      ['GET', '/api/v1/containers/none'],
      ['POST', `/api/v1/containers/${containerId}/update`],
      ['GET', `/api/v1/containers/${containerId}/plan`],
      ['GET', '/api/v1/images/check'],
      ['GET', '/api/v1/updates/history'],
      ['GET', `/api/v1/updates/${anId}`],
      ['POST', `/api/v1/updates/${anId}/rollback`],
      ['POST', `/api/v1/updates/${anId}/cancel`],
      ['POST', `/api/v1/updates/${anId}/pause`],
      ['POST', `/api/v1/updates/${anId}/resume`],
      ['POST', '/api/v1/updates/batch'],
      ['GET', `/api/v1/updates/batch/${anId}`],
      ['POST', `/api/v1/updates/batch/${anId}/cancel`],
      ['GET', '/api/v1/quarantine'],
      ['DELETE', `/api/v1/quarantine/${anId}`],
      ['GET', '/api/v1/nothing'],
    ] as const) {
      const { status, headers, body } = await api.call(method, path, sent);
      expect({ path, status, data: body.data }).toEqual({ path, status: 401, data: null });
      expect(headers['www-authenticate']).toBe('Bearer');
    }
  });
});

describe('where a request comes from', () => {
  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1:1', '[::1]:8080'])('is fine under the name %s', async (host) => {
    expect((await api.call('GET', '/api/v1/containers', { headers: { host } })).status).toBe(200);
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:8080', 'localhost:80:80'])(
    'is refused under the name "%s"',
    async (host) => {
      const { status, body } = await api.call('GET', '/api/v1/containers', { headers: { host } });
      expect({ status, data: body.data }).toEqual({ status: 403, data: null });
    },
  );
});

describe('the id of a request', () => {
  it('is the caller’s own when it is harmless', async () => {
    const { headers } = await api.call('GET', '/livez', { headers: { 'x-request-id': 'abc-1' } });
    expect(headers['x-request-id']).toBe('abc-1');
  });

  it('is a new one when the caller’s would spoil a log', async () => {
    const { headers } = await api.call('GET', '/livez', { headers: { 'x-request-id': 'a b"c' } });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('Temporal being away', () => {
  it('is named to those who need it, and the lists go on', async () => {
    const needing: Array<[string, string]> = [
      ['POST', `/api/v1/containers/${containerId}/update`],
      ['GET', `/api/v1/containers/${containerId}/plan`],
      ['GET', '/api/v1/images/check'],
    ];
    const answers = await Promise.all(needing.map(([method, path]) => api.call(method, path)));
    for (const { status, body } of answers) {
      expect({ status, data: body.data }).toEqual({ status: 503, data: null });
      expect(body.message).toContain('Temporal');
    }
    expect((await api.call('GET', '/api/v1/containers')).status).toBe(200);
    expect((await api.call('GET', '/api/v1/updates/history')).body.data.total).toBe(0);
  });
});
