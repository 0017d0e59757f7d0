import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { containerDetailSchema, containerListSchema } from '../../contracts/api/containers.ts';
import { envelopeSchema } from '../../contracts/api/envelope.ts';
import { quarantineListSchema } from '../../contracts/api/quarantine.ts';
import { updateDetailSchema, updateListSchema } from '../../contracts/api/updates.ts';
import { type FreshDatabase, type RealPostgres, startRealPostgres } from '../db/real-postgres.ts';
import {
  closingUpdate,
  digest,
  inventoryItem,
  minutes,
  NOON,
  openingUpdate,
  TENANT,
  timelineEvent,
} from '../db/samples.ts';
import { type ApiUnderTest, startApiUnderTest, temporalAway } from './api-under-test.ts';

let postgres: RealPostgres;
let database: FreshDatabase;
let api: ApiUnderTest;
const closers: Array<() => Promise<void>> = [];

beforeAll(async () => {
  postgres = await startRealPostgres();
  closers.push(() => postgres.stop());
  database = await postgres.freshDatabase();
  const { gateway, close } = await temporalAway();
  closers.push(close);
  api = await startApiUnderTest({ database, temporal: gateway });
  closers.push(() => api.stop());
  await fill();
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

async function fill(): Promise<void> {
  const { containers, updates } = database.repositories;
  const items = [
    inventoryItem('cache', { image: 'redis:7', tag: '7', updatePolicy: 'manual' }),
    inventoryItem('job', { status: 'stopped' }),
    inventoryItem('web'),
    inventoryItem('web-admin', { status: 'paused' }),
  ];
  await containers.saveInventory({ tenantId: TENANT, hostId: 'local', items, at: NOON });
  await containers.saveInventory({ tenantId: TENANT, hostId: 'nas', items: [inventoryItem('web')], at: NOON });
  const candidate = { reference: 'nginx:1.25', digest: digest('2') };
  const at = NOON;
  const found = {
    currentDigest: digest('1'),
    candidate,
    verdict: 'outdated',
    reason: 'A newer image is there.',
  } as const;
  await containers.saveCheck({ containerId: await idOf('web'), ...found, at });
  const opening = openingUpdate();
  await updates.open(opening);
  await updates.appendEvents(opening.updateId, TENANT, [timelineEvent(1), timelineEvent(2, { step: 'check' })]);
  await updates.close(
    closingUpdate(opening.updateId, {
      status: 'rollback',
      logTail: 'boom',
      failedExitCode: 3,
      quarantine: { digest: digest('2'), reason: 'It crashed.' },
    }),
  );
  const later = openingUpdate({ containerName: 'cache', startedAt: minutes(10), triggeredBy: 'schedule' });
  await updates.open(later);
  await updates.close(closingUpdate(later.updateId, { completedAt: minutes(11) }));
}

async function idOf(name: string, hostId = 'local'): Promise<string> {
  return (await database.repositories.containers.findByName(TENANT, hostId, name))?.id ?? '';
}

async function names(query: string): Promise<string[]> {
  const { body } = await api.call('GET', `/api/v1/containers${query}`);
  expect(envelopeSchema(containerListSchema).safeParse(body).error).toBeUndefined();
  return body.data.items.map((item: { name: string; host_id: string }) => `${item.host_id}/${item.name}`);
}

describe('the list of containers', () => {
  it('comes by name with page, limit and the total of all pages', async () => {
    expect(await names('')).toEqual(['local/cache', 'local/job', 'local/web', 'nas/web', 'local/web-admin']);
    const { body } = await api.call('GET', '/api/v1/containers?page=2&limit=2');
    expect(body.data).toMatchObject({ total: 5, page: 2, limit: 2 });
    expect(body.data.items).toHaveLength(2);
    expect(await names('?page=9')).toEqual([]);
    expect((await api.call('GET', '/api/v1/containers?limit=100')).body.data.limit).toBe(100);
  });

  it('is narrowed by status, host, policy, text and what is outdated', async () => {
    expect(await names('?status=stopped')).toEqual(['local/job']);
    expect(await names('?status=running&host=local')).toEqual(['local/cache', 'local/web', 'local/web-admin']);
    expect(await names('?policy=manual')).toEqual(['local/cache']);
    expect(await names('?search=REDIS')).toEqual(['local/cache']);
    expect(await names('?outdated=true')).toEqual(['local/web']);
    expect(await names('?outdated=false&host=nas')).toEqual(['nas/web']);
  });

  it('finds a container by its whole name on each host, with the other filters in force', async () => {
    expect(await names('?name=web')).toEqual(['local/web', 'nas/web']);
    expect(await names('?name=web&host=nas')).toEqual(['nas/web']);
    expect(await names('?name=web&outdated=true')).toEqual(['local/web']);
    expect(await names('?name=web&status=stopped')).toEqual([]);
    expect(await names('?name=we')).toEqual([]);
    expect(await names('?name=web&search=postgres')).toEqual([]);
  });

  it('carries no configuration', async () => {
    const { body } = await api.call('GET', '/api/v1/containers');
    expect(JSON.stringify(body)).not.toMatch(/PATH=|Env|config/i);
  });
});

describe('one container', () => {
  it('is told with what a check found and its last update', async () => {
    const { status, body } = await api.call('GET', `/api/v1/containers/${await idOf('web')}`);
    expect(status).toBe(200);
    expect(envelopeSchema(containerDetailSchema).safeParse(body).error).toBeUndefined();
    expect(body.data).toMatchObject({
      name: 'web',
      host_id: 'local',
      verdict_reason: expect.any(String),
      last_update: { status: 'rollback' },
    });
  });

  it('has no last update before its first', async () => {
    const { body } = await api.call('GET', `/api/v1/containers/${await idOf('job')}`);
    expect(body.data.last_update).toBeNull();
  });

  it('belongs to its tenant', async () => {
    const id = await idOf('web');
    const other = '00000000-0000-4000-8000-0000000000ff';
    await database.sql("insert into tenants (id, name, slug) values (?, 'Other', 'other')", [other]);
    await database.sql('update containers set tenant_id = ? where id = ?', [other, id]);
    try {
      expect((await api.call('GET', `/api/v1/containers/${id}`)).status).toBe(404);
      expect((await api.call('POST', `/api/v1/containers/${id}/update`)).status).toBe(404);
    } finally {
      await database.sql('update containers set tenant_id = ? where id = ?', [TENANT, id]);
    }
  });

  it('that its engine no longer has can be read but neither updated nor planned', async () => {
    const { containers } = database.repositories;
    await containers.saveInventory({ tenantId: TENANT, hostId: 'gone', items: [inventoryItem('old')], at: NOON });
    await containers.saveInventory({ tenantId: TENANT, hostId: 'gone', items: [], at: minutes(1) });
    const id = await idOf('old', 'gone');
    expect((await api.call('GET', `/api/v1/containers/${id}`)).body.data.status).toBe('removed');
    for (const [method, path] of [
      ['POST', 'update'],
      ['GET', 'plan'],
    ] as const) {
      const { status, body } = await api.call(method, `/api/v1/containers/${id}/${path}`);
      expect(status).toBe(422);
      expect(body.message).toContain('old');
    }
    expect(await names('?name=old')).toEqual([]);
  });
});

describe('the history', () => {
  const history = async (query: string): Promise<string[]> => {
    const { body } = await api.call('GET', `/api/v1/updates/history${query}`);
    expect(envelopeSchema(updateListSchema).safeParse(body).error).toBeUndefined();
    return body.data.items.map((item: { container_name: string }) => item.container_name);
  };

  it('comes newest first and is narrowed by container, status, trigger and days', async () => {
    expect(await history('')).toEqual(['cache', 'web']);
    expect(await history('?limit=1&page=2')).toEqual(['web']);
    expect(await history(`?container_id=${await idOf('web')}`)).toEqual(['web']);
    expect(await history('?status=success')).toEqual(['cache']);
    expect(await history('?triggered_by=schedule')).toEqual(['cache']);
    expect(await history('?start_date=2026-11-21&end_date=2026-11-21')).toEqual(['cache', 'web']);
    expect(await history('?start_date=2026-11-22')).toEqual([]);
    expect(await history('?end_date=2026-11-21T13:05:00%2B01:00')).toEqual(['web']);
  });

  it('tells an ended update with its timeline and the log of what failed, without asking Temporal', async () => {
    const { body: list } = await api.call('GET', '/api/v1/updates/history?status=rollback');
    const { status, body } = await api.call('GET', `/api/v1/updates/${list.data.items[0].id}`);
    expect(status).toBe(200);
    expect(envelopeSchema(updateDetailSchema).safeParse(body).error).toBeUndefined();
    expect(body.data).toMatchObject({ log_tail: 'boom', failed_exit_code: 3, live: null, live_missing: null });
    expect(body.data.events.map((event: { step: string }) => event.step)).toEqual(['inspect', 'check']);
  });

  it('refuses to cancel, pause or resume what has ended', async () => {
    const { body } = await api.call('GET', '/api/v1/updates/history?status=success');
    for (const verb of ['cancel', 'pause', 'resume']) {
      const answer = await api.call('POST', `/api/v1/updates/${body.data.items[0].id}/${verb}`);
      expect({ verb, status: answer.status, data: answer.body.data }).toEqual({ verb, status: 409, data: null });
      expect(answer.body.message).toContain('success');
    }
  });

  it('refuses to roll back what replaced nothing, kept nothing, or gave up what it kept', async () => {
    const { updates, backups } = database.repositories;
    const rollback = async (id: string) => {
      const { status, body } = await api.call('POST', `/api/v1/updates/${id}/rollback`);
      return { status, message: body.message };
    };
    const ids = async (query: string) =>
      (await api.call('GET', `/api/v1/updates/history${query}`)).body.data.items[0].id;
    expect(await rollback(await ids('?status=rollback'))).toMatchObject({
      status: 422,
      message: expect.stringContaining('not replaced'),
    });
    const success = await ids('?status=success');
    expect(await rollback(success)).toMatchObject({ status: 422, message: expect.stringContaining('no backup') });
    const containerId = await idOf('cache');
    await backups.save({
      updateId: success,
      tenantId: TENANT,
      containerId,
      sealedInspect: Buffer.from('x'),
      sealedImageInspect: Buffer.from('x'),
      imageId: digest('1'),
      digest: digest('1'),
      imageReference: 'redis:7',
      keepTag: 'docker-auto/keep:1',
      volumes: [],
    });
    await backups.markReleased(success);
    expect(await rollback(success)).toMatchObject({ status: 422, message: expect.stringContaining('given up') });
    const open = openingUpdate({ containerName: 'job' });
    await updates.open(open);
    expect(await rollback(open.updateId)).toMatchObject({ status: 422, message: expect.stringContaining('not ended') });
    await updates.close(closingUpdate(open.updateId, { status: 'cancelled' }));
  });

  it('still tells an open update when Temporal is away, and says what is missing', async () => {
    const { updates } = database.repositories;
    const open = openingUpdate({ containerName: 'job', runId: 'run' });
    await updates.open(open);
    const { status, body } = await api.call('GET', `/api/v1/updates/${open.updateId}`);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      status: 'running',
      live: null,
      live_missing: expect.stringContaining('workflow server'),
    });
    await updates.close(closingUpdate(open.updateId, { status: 'cancelled' }));
  });
});

describe('the quarantine', () => {
  it('lists what failed and lets it be tried again once', async () => {
    const { body } = await api.call('GET', '/api/v1/quarantine');
    expect(envelopeSchema(quarantineListSchema).safeParse(body).error).toBeUndefined();
    expect(body.data).toMatchObject({
      total: 1,
      page: 1,
      limit: 20,
      items: [{ container_name: 'web', digest: digest('2'), reason: 'It crashed.' }],
    });
    expect((await api.call('GET', '/api/v1/quarantine?page=2')).body.data.items).toEqual([]);
    const path = `/api/v1/quarantine/${body.data.items[0].id}`;
    expect(await api.call('DELETE', path)).toMatchObject({ status: 200, body: { data: null, message: 'success' } });
    expect((await api.call('DELETE', path)).status).toBe(404);
  });
});
