import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MikroORM } from '@mikro-orm/postgresql';
import { createCipher } from '../../db/encryption/envelope.ts';
import { generateKey, parseKeyring } from '../../db/encryption/keyring.ts';
import { type Database, openDatabase } from '../../db/open-database.ts';
import { ormOptions } from '../../db/orm-options.ts';
import type { Cipher } from '../../domain/cipher.ts';
import { startPostgres } from '../../embedded/postgres.ts';

type Row = Record<string, unknown>;

export interface FreshDatabase extends Database {
  url: string;
  cipher: Cipher;
  /** Plain SQL, to look behind the repositories' back. */
  sql(query: string, parameters?: unknown[]): Promise<Row[]>;
  /** The plan that the server makes when it may not just read the whole table. */
  explain(query: string): Promise<string>;
}

export interface RealPostgres {
  /** URL of a new empty database. */
  emptyDatabase(): Promise<string>;
  /** A new database with all tables. */
  freshDatabase(): Promise<FreshDatabase>;
  stop(): Promise<void>;
}

/** Starts a PostgreSQL server of the test's own; `stop` ends it and removes everything, connections included. */
export async function startRealPostgres(): Promise<RealPostgres> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'docker-auto-test-db-'));
  const closers: Array<() => Promise<void>> = [() => rm(dataDirectory, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const close of closers.splice(0).reverse()) {
      await close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) {
      throw new AggregateError(failures, 'The test database left something behind');
    }
  };
  try {
    const server = await startPostgres({ dataDirectory, log: () => undefined });
    closers.push(() => server.stop());
    const connect = async (url: string) => {
      const orm = await MikroORM.init(ormOptions(url, () => undefined));
      closers.push(() => orm.close(true));
      const sql = (query: string, parameters: unknown[] = []): Promise<Row[]> =>
        orm.em.fork().execute(query, parameters);
      const explain = (query: string): Promise<string> =>
        orm.em.fork().transactional(async (tx) => {
          await tx.execute('set local enable_seqscan = off');
          return JSON.stringify(await tx.execute(`explain ${query}`));
        });
      return { sql, explain };
    };
    const admin = (await connect(server.url)).sql;
    const emptyDatabase = async (): Promise<string> => {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      await admin(`create database ${name}`);
      return Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
    };
    const freshDatabase = async (): Promise<FreshDatabase> => {
      const url = await emptyDatabase();
      const cipher = createCipher(parseKeyring(generateKey()));
      const database = await openDatabase({ url, cipher });
      closers.push(() => database.close());
      return { ...database, url, cipher, ...(await connect(url)) };
    };
    return { emptyDatabase, freshDatabase, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
