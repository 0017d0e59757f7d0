import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { createCipher } from '../../db/encryption/envelope.ts';
import { generateKey, parseKeyring } from '../../db/encryption/keyring.ts';
import { MIGRATIONS } from '../../db/migrations/migration-list.ts';
import { openDatabase } from '../../db/open-database.ts';
import { ormOptions } from '../../db/orm-options.ts';
import { type RealPostgres, startRealPostgres } from './real-postgres.ts';
import { TENANT } from './samples.ts';

const key = generateKey();
const cipher = createCipher(parseKeyring(key));

/** A process of its own that opens the database once and prints the notices. */
const OPENER = `
  const { openDatabase } = await import(${JSON.stringify(new URL('../../db/open-database.ts', import.meta.url).href)});
  const cipher = { activeKeyId: 'none', seal: (bytes) => bytes, open: (bytes) => bytes };
  const database = await openDatabase({ url: process.env.TEST_URL, cipher, onNotice: console.log });
  await database.close();
`;

let postgres: RealPostgres;
beforeAll(async () => {
  postgres = await startRealPostgres();
});
afterAll(() => postgres?.stop());

describe('opening a database', () => {
  it('makes the tables once and finds nothing to do the second time', async () => {
    const url = await postgres.emptyDatabase();
    const notices: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      const database = await openDatabase({ url, cipher, onNotice: (line) => notices.push(line) });
      await database.ping();
      await database.close();
    }
    expect(notices).toEqual(MIGRATIONS.map(({ name }) => `database: applied migration ${name}`));
  });

  it('is safe for several processes at once', async () => {
    const url = await postgres.emptyDatabase();
    const runs = await Promise.all(
      [1, 2, 3].map(() =>
        promisify(execFile)(process.execPath, ['--input-type=module', '-e', OPENER], {
          env: { PATH: process.env.PATH, TEST_URL: url },
        }),
      ),
    );
    expect(runs.map((run) => run.stdout).filter((output) => output.includes('applied migration'))).toHaveLength(1);
    expect(runs.map((run) => run.stderr)).toEqual(['', '', '']);
  });

  it('has the default tenant and the host of this machine from the start', async () => {
    const database = await postgres.freshDatabase();
    expect(await database.sql('select slug, is_active from tenants')).toEqual([{ slug: 'default', is_active: true }]);
    expect(await database.repositories.hosts.get(TENANT, 'local')).toMatchObject({ id: 'local', state: 'unreachable' });
  });
});

describe('the migrations', () => {
  it('make exactly what the entities say, and so does the snapshot', async () => {
    const { url } = await postgres.freshDatabase();
    const options = ormOptions(url, () => undefined);
    const orm = await MikroORM.init({ ...options, migrations: { ...options.migrations, snapshot: true } });
    try {
      expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('');
      expect(await orm.migrator.checkSchema()).toBe(false);
    } finally {
      await orm.close(true);
    }
  });

  it('give every business table its tenant and every time its zone', async () => {
    const { sql } = await postgres.freshDatabase();
    const columns = await sql(
      `select table_name as "table", column_name as "column", data_type as "type" from information_schema.columns
        where table_schema = 'public' and table_name not in ('tenants', 'mikro_orm_migrations')`,
    );
    const tables = new Set(columns.map(({ table }) => table));
    const withTenant = new Set(columns.filter(({ column }) => column === 'tenant_id').map(({ table }) => table));
    expect(withTenant).toEqual(tables);
    expect(columns.filter(({ type }) => type === 'timestamp without time zone')).toEqual([]);
  });
});

describe('a database that can not be used', () => {
  it('is named without the password when nobody listens there', async () => {
    const opening = openDatabase({ url: 'postgresql://me:hunter2@127.0.0.1:1/updates', cipher });
    await expect(opening).rejects.toThrow(
      /^PostgreSQL at 127\.0\.0\.1:1, database "updates", can't be used: .*ECONNREFUSED/,
    );
    await expect(opening).rejects.not.toThrow(/hunter2/);
  });

  it('is named without the password when the server refuses us', async () => {
    const url = new URL(await postgres.emptyDatabase());
    url.password = 'wrong-hunter2';
    const opening = openDatabase({ url: url.href, cipher });
    await expect(opening).rejects.toThrow(/password authentication failed/);
    await expect(opening).rejects.not.toThrow(/hunter2/);
  });

  it('is named when it does not exist', async () => {
    const url = Object.assign(new URL(await postgres.emptyDatabase()), { pathname: '/nowhere' });
    await expect(openDatabase({ url: url.href, cipher })).rejects.toThrow(/database "nowhere".*does not exist/);
  });

  it('is not asked for when the URL is of another kind', async () => {
    await expect(openDatabase({ url: 'mysql://me:hunter2@db/x', cipher })).rejects.toThrow(
      /expected postgresql:\/\/user/,
    );
  });
});
