import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HealthChecks } from '../../api/context.ts';
import type { TemporalGateway } from '../../api/temporal-gateway.ts';
import { envelopeSchema } from '../../contracts/api/envelope.ts';
import { healthSchema } from '../../contracts/api/health.ts';
import { openDatabase } from '../../db/open-database.ts';
import type { HostState } from '../../db/read-models.ts';
import { type FreshDatabase, type RealPostgres, startRealPostgres } from '../db/real-postgres.ts';
import { NOON, TENANT } from '../db/samples.ts';
import { type ApiUnderTest, startApiUnderTest, temporalAway } from './api-under-test.ts';

let postgres: RealPostgres;
let database: FreshDatabase;
let away: Awaited<ReturnType<typeof temporalAway>>;
const closers: Array<() => Promise<void>> = [];

beforeAll(async () => {
  postgres = await startRealPostgres();
  closers.push(() => postgres.stop());
  database = await postgres.freshDatabase();
  away = await temporalAway();
  closers.push(() => away.close());
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

/** A Temporal that is there, or never says whether it is. */
const temporal = (isAvailable: () => Promise<boolean> = async () => true): TemporalGateway => ({
  ...away.gateway,
  isAvailable,
});
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

async function api(
  parts: {
    temporal?: TemporalGateway;
    health?: Partial<HealthChecks>;
    database?: Pick<FreshDatabase, 'repositories' | 'ping'>;
  } = {},
): Promise<ApiUnderTest> {
  const started = await startApiUnderTest({ database, temporal: temporal(), ...parts });
  closers.push(() => started.stop());
  return started;
}

async function health(from: ApiUnderTest, path = '/health') {
  const begun = performance.now();
  const { status, body } = await from.call('GET', path, { token: null });
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(envelopeSchema(healthSchema).safeParse(body).error).toBeUndefined();
  const checks = Object.fromEntries(
    Object.entries(body.data.checks as Record<string, { status: string }>).map(([name, check]) => [name, check.status]),
  );
  return { code: status, status: body.data.status, checks, text: JSON.stringify(body) };
}

async function seen(id: string, state: HostState): Promise<void> {
  const host = { name: id, kind: 'docker', stateReason: null, engineVersion: '20.10', lastSeenAt: NOON };
  await database.repositories.hosts.upsert({ ...host, tenantId: TENANT, id, state });
}

describe('health', () => {
  it('needs no token and is served at the root and in the version', async () => {
    await seen('local', 'reachable');
    const running = await api();
    for (const path of ['/health', '/api/v1/health']) {
      expect(await health(running, path)).toMatchObject({
        code: 200,
        status: 'healthy',
        checks: { database: 'up', temporal: 'up', docker: 'up', disk_space: 'up' },
      });
    }
    expect(await health(running, '/readyz')).toMatchObject({ code: 200, checks: { database: 'up', temporal: 'up' } });
    expect(await health(running, '/livez')).toMatchObject({ code: 200, checks: {} });
  });

  it('is degraded, not unhealthy, when an engine was unreachable, and names it', async () => {
    await seen('nas', 'unreachable');
    const found = await health(await api());
    expect(found).toMatchObject({ code: 200, status: 'degraded', checks: { docker: 'degraded' } });
    expect(found.text).toContain('nas (last seen 2026-11-21T12:00:00.000Z)');
  });

  it('is unhealthy when Temporal is away, but alive', async () => {
    const running = await api({ temporal: away.gateway });
    for (const path of ['/health', '/readyz']) {
      expect(await health(running, path)).toMatchObject({
        code: 503,
        status: 'unhealthy',
        checks: { temporal: 'down', database: 'up' },
      });
    }
    expect(await health(running, '/livez')).toMatchObject({ code: 200, status: 'healthy' });
  });

  it('answers within a second when everything hangs, also to many at once', async () => {
    let pings = 0;
    const pingDatabase = () => {
      pings += 1;
      return never<void>();
    };
    const running = await api({ temporal: temporal(() => never()), health: { pingDatabase } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => health(running)));
    for (const answer of answers)
      expect(answer).toMatchObject({ code: 503, checks: { database: 'down', temporal: 'down' } });
    expect(pings).toBe(1);
  });

  it('is degraded when the data directory can’t be looked at', async () => {
    const running = await api({ health: { dataDirectory: '/nonexistent/place' } });
    const found = await health(running);
    expect(found).toMatchObject({ code: 200, status: 'degraded', checks: { disk_space: 'down' } });
    expect(found.text).not.toContain('/nonexistent');
  });
});

describe('the database being down', () => {
  it('makes health say so, and every route that needs it a 503 that names it and nothing more', async () => {
    const own = await startRealPostgres();
    let stopped = false;
    const stop = async () => {
      if (!stopped) await own.stop();
      stopped = true;
    };
    closers.push(stop);
    const { url, cipher } = await own.freshDatabase();
    const lost = await openDatabase({ url, cipher });
    closers.push(() => lost.close());
    const running = await api({ database: lost });
    expect(await health(running)).toMatchObject({ code: 200 });
    await stop();
    expect(await health(running)).toMatchObject({
      code: 503,
      status: 'unhealthy',
      checks: { database: 'down', docker: 'down' },
    });
    expect(await health(running, '/readyz')).toMatchObject({ code: 503 });
    expect(await health(running, '/livez')).toMatchObject({ code: 200 });
    for (const path of [
      '/api/v1/containers',
      '/api/v1/updates/history',
      '/api/v1/quarantine',
      '/api/v1/images/check',
    ]) {
      const { status, body } = await running.call('GET', path);
      expect({ path, status, data: body.data }).toEqual({ path, status: 503, data: null });
      expect(body.message).toContain('The database is not available');
      expect(body.message).not.toMatch(/ECONNREFUSED|select|127\.0\.0\.1/);
    }
  });
});

describe('a fault of our own', () => {
  it('is a 500 that shows nothing but where to look', async () => {
    const broken = {
      ...database.repositories,
      containers: { ...database.repositories.containers, list: () => Promise.reject(new Error('secret of the ORM')) },
    };
    const running = await api({ database: { ...database, repositories: broken } });
    const { status, body, headers } = await running.call('GET', '/api/v1/containers');
    expect({ status, data: body.data }).toEqual({ status: 500, data: null });
    expect(body.message).toContain(String(headers['x-request-id']));
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(running.errors).toEqual([expect.stringContaining('secret of the ORM')]);
  });
});
