import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContainerFilter } from '../../db/repositories/container-repository.ts';
import type { InventoryItem } from '../../db/repositories/save-inventory.ts';
import { type FreshDatabase, type RealPostgres, startRealPostgres } from './real-postgres.ts';
import { closingUpdate, digest, inventoryItem, minutes, NOON, openingUpdate, TENANT } from './samples.ts';

let postgres: RealPostgres;
let database: FreshDatabase;
beforeAll(async () => {
  postgres = await startRealPostgres();
});
beforeEach(async () => {
  database = await postgres.freshDatabase();
});
afterAll(() => postgres?.stop());

const save = (items: InventoryItem[], at = NOON, hostId = 'local') =>
  database.repositories.containers.saveInventory({ tenantId: TENANT, hostId, items, at });
const find = async (name: string) => {
  const container = await database.repositories.containers.findByName(TENANT, 'local', name);
  if (!container) throw new Error(`no container ${name}`);
  return container;
};
const outdated = async (name: string, candidate = digest('2'), at = NOON) =>
  database.repositories.containers.saveCheck({
    containerId: (await find(name)).id,
    currentDigest: digest('1'),
    candidate: { reference: 'nginx:1.25', digest: candidate },
    verdict: 'outdated',
    reason: 'the registry has a newer one',
    at,
  });

describe('an inventory', () => {
  it('keeps a container its identity across recreation', async () => {
    await save([inventoryItem('web')]);
    const before = await find('web');
    await save([inventoryItem('web', { containerId: 'b'.repeat(64), status: 'paused' })], minutes(1));
    expect(await find('web')).toEqual({ ...before, containerId: 'b'.repeat(64), status: 'paused' });
  });

  it('marks what vanished as removed, lists it no more, and takes it back when it returns', async () => {
    await save([inventoryItem('web'), inventoryItem('db')]);
    const { id } = await find('db');
    expect(await save([inventoryItem('web')])).toEqual(['db']);
    expect(await find('db')).toMatchObject({ id, status: 'removed' });
    expect((await database.repositories.containers.listAll(TENANT, 'local')).map(({ name }) => name)).toEqual(['web']);
    expect(await save([inventoryItem('web')])).toEqual([]);
    await save([inventoryItem('web'), inventoryItem('db')]);
    expect(await find('db')).toMatchObject({ id, status: 'running' });
  });

  it('leaves a container alone that is missing because its update is swapping it', async () => {
    await save([inventoryItem('web')]);
    const update = openingUpdate();
    await database.repositories.updates.open(update);
    expect(await save([inventoryItem('web.previous-0123456789'), inventoryItem('web.next-0123456789')])).toEqual([]);
    expect((await database.repositories.containers.listAll(TENANT, 'local')).map(({ name }) => name)).toEqual(['web']);
    await database.repositories.updates.close(closingUpdate(update.updateId, { status: 'failed' }));
    expect(await save([])).toEqual(['web']);
  });

  it('touches no other host', async () => {
    await save([inventoryItem('web')]);
    expect(await save([inventoryItem('web')], NOON, 'attic')).toEqual([]);
    expect(await save([], NOON, 'attic')).toEqual(['web']);
    expect(await find('web')).toMatchObject({ hostId: 'local', status: 'running' });
  });

  it('refuses a host of another tenant', async () => {
    const tenantId = randomUUID();
    await database.sql('insert into tenants (id, name, slug) values (?, ?, ?)', [tenantId, 'Other', 'other']);
    const saving = database.repositories.containers.saveInventory({ tenantId, hostId: 'local', items: [], at: NOON });
    await expect(saving).rejects.toThrow(/Host "local" belongs to another tenant/);
  });

  it('can be taken twice at once', async () => {
    const items = [inventoryItem('web'), inventoryItem('db')];
    await Promise.all([save(items), save(items), save(items)]);
    expect(await database.repositories.containers.counts(TENANT)).toEqual({ total: 2, running: 2, outdated: 0 });
  });

  it('keeps the environment out of the table in clear, and gives it back to who asks', async () => {
    await save([inventoryItem('web', { configJson: { Config: { Env: ['PASSWORD=hunter2'] } } })]);
    const [row] =
      await database.sql(`select string_agg(containers::text, '') || string_agg(encode(config_json, 'escape'), '')
                                        as "text" from containers`);
    expect(row?.text).toContain('nginx:1.25');
    expect(row?.text).not.toContain('hunter2');
    const { id } = await find('web');
    expect(await database.repositories.containers.getConfigJson(TENANT, id)).toEqual({
      Config: { Env: ['PASSWORD=hunter2'] },
    });
  });

  it('does not let one container pass for another by a copied configuration', async () => {
    await save([inventoryItem('web'), inventoryItem('db')]);
    await database.sql(`update containers set config_json = (select config_json from containers where name = 'db')
                         where name = 'web'`);
    const { id } = await find('web');
    await expect(database.repositories.containers.getConfigJson(TENANT, id)).rejects.toThrow(/belongs to another row/);
  });
});

describe('a check', () => {
  it('remembers when a candidate was first seen until another takes its place', async () => {
    await save([inventoryItem('web')]);
    await outdated('web');
    await outdated('web', digest('2'), minutes(5));
    expect(await find('web')).toMatchObject({ verdict: 'outdated', firstSeenAt: NOON, checkedAt: minutes(5) });
    await outdated('web', digest('3'), minutes(9));
    expect(await find('web')).toMatchObject({ firstSeenAt: minutes(9), candidate: { digest: digest('3') } });
  });

  it('is void once somebody else moved the container to another image', async () => {
    await save([inventoryItem('web')]);
    await outdated('web');
    await save([inventoryItem('web')], minutes(1));
    expect(await find('web')).toMatchObject({ verdict: 'outdated' });
    await save([inventoryItem('web', { image: 'nginx:1.26' })], minutes(2));
    expect(await find('web')).toMatchObject({ verdict: null, candidate: null, firstSeenAt: null });
  });

  it('is fulfilled once the candidate runs', async () => {
    await save([inventoryItem('web')]);
    await outdated('web');
    await save([inventoryItem('web', { currentDigest: digest('2') })], minutes(1));
    expect(await find('web')).toMatchObject({ verdict: 'up_to_date', candidate: null });
  });

  it('of an unknown container is an error', async () => {
    const check = { currentDigest: null, candidate: null, verdict: 'local', reason: 'built here', at: NOON } as const;
    const saving = database.repositories.containers.saveCheck({ ...check, containerId: randomUUID() });
    await expect(saving).rejects.toThrow(/is not known; save an inventory before a check/);
  });
});

describe('the list', () => {
  beforeEach(async () => {
    await save([
      inventoryItem('api', { image: 'registry.lan/100%_safe:2', updatePolicy: 'manual' }),
      inventoryItem('cache', { status: 'stopped' }),
      inventoryItem('web-1', { status: 'restarting' }),
      inventoryItem('web-2'),
      inventoryItem('gone'),
    ]);
    await save([inventoryItem('web-1')], NOON, 'attic');
    await save(
      [
        inventoryItem('api', { image: 'registry.lan/100%_safe:2', updatePolicy: 'manual' }),
        inventoryItem('cache', { status: 'stopped' }),
        inventoryItem('web-1', { status: 'restarting' }),
        inventoryItem('web-2'),
      ],
      minutes(1),
    );
    await outdated('web-2');
  });
  const names = async (filter: Partial<ContainerFilter>) => {
    const page = await database.repositories.containers.list({ tenantId: TENANT, page: 1, limit: 50, ...filter });
    expect(page.total).toBe(page.items.length);
    return page.items.map(({ hostId, name }) => `${hostId}/${name}`);
  };

  it.each<[string, Partial<ContainerFilter>, string[]]>([
    ['everything that is there', {}, ['local/api', 'local/cache', 'attic/web-1', 'local/web-1', 'local/web-2']],
    ['all states', { status: 'all', hostId: 'local' }, ['local/api', 'local/cache', 'local/web-1', 'local/web-2']],
    ['running ones', { status: 'running' }, ['local/api', 'attic/web-1', 'local/web-1', 'local/web-2']],
    ['stopped ones', { status: 'stopped' }, ['local/cache']],
    ['a part of the name in any case', { search: 'WEB' }, ['attic/web-1', 'local/web-1', 'local/web-2']],
    ['a part of the image', { search: 'registry.lan' }, ['local/api']],
    ['signs that mean something in a pattern', { search: '%_' }, ['local/api']],
    ['a sign that is in none', { search: 'web_1' }, []],
    ['a policy', { policy: 'manual' }, ['local/api']],
    ['outdated ones', { outdated: true }, ['local/web-2']],
    ['those that are not', { outdated: false, search: 'web' }, ['attic/web-1', 'local/web-1']],
    ['several at once', { hostId: 'local', search: 'web', status: 'running', outdated: true }, ['local/web-2']],
    ['nothing of another tenant', { tenantId: randomUUID() }, []],
  ])('shows %s', async (_what, filter, expected) => {
    expect(await names(filter)).toEqual(expected);
  });

  it('comes in pages with the total of all', async () => {
    const page = (number: number) =>
      database.repositories.containers.list({ tenantId: TENANT, page: number, limit: 2 });
    const pages = [await page(1), await page(2), await page(3), await page(4)];
    expect(pages.map(({ total }) => total)).toEqual([5, 5, 5, 5]);
    expect(pages.map(({ items }) => items.map(({ name }) => name))).toEqual([
      ['api', 'cache'],
      ['web-1', 'web-1'],
      ['web-2'],
      [],
    ]);
  });

  it('counts what is there', async () => {
    expect(await database.repositories.containers.counts(TENANT)).toEqual({ total: 5, running: 3, outdated: 1 });
  });

  it('finds by part of the name or image from the trigram indices', async () => {
    const plan = await database.explain(`select * from containers where name ilike '%web-2%' or image ilike '%web-2%'`);
    expect(plan).toContain('containers_name_trigram_index');
    expect(plan).toContain('containers_image_trigram_index');
  });

  it('answers an id that is none with nothing', async () => {
    expect(await database.repositories.containers.get(TENANT, 'web')).toBeNull();
    expect(await database.repositories.containers.getConfigJson(TENANT, 'web')).toBeNull();
  });
});

describe('a host', () => {
  it('keeps its version and last sight while it is away', async () => {
    const host = { tenantId: TENANT, id: 'attic', name: 'The attic', kind: 'docker' };
    const { hosts } = database.repositories;
    await hosts.upsert({ ...host, state: 'reachable', stateReason: null, engineVersion: '20.10.24', lastSeenAt: NOON });
    const away = { state: 'unreachable', stateReason: 'connection refused' } as const;
    await hosts.upsert({ ...host, ...away, engineVersion: null, lastSeenAt: null });
    const expected = { ...host, ...away, engineVersion: '20.10.24', lastSeenAt: NOON };
    expect(await hosts.get(TENANT, 'attic')).toEqual(expected);
    expect((await hosts.list(TENANT)).map(({ id }) => id)).toEqual(['attic', 'local']);
  });
});
