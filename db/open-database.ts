import { MikroORM } from '@mikro-orm/postgresql';
import type { Cipher } from '../domain/cipher.ts';
import { describeDatabase } from './describe-database.ts';
import { migrate } from './migrate.ts';
import { ormOptions } from './orm-options.ts';
import { createRepositories, type Repositories } from './repositories/repositories.ts';

export interface DatabaseOptions {
  /** `postgresql://user:password@host:port/database` */
  url: string;
  /** Seals what is secret before it is stored. */
  cipher: Cipher;
  /** Gets lines for people: migrations that were applied, warnings of the driver. */
  onNotice?: (line: string) => void;
}

export interface Database {
  repositories: Repositories;
  /** Asks the server for a sign of life. @throws Error naming host, port and database when there is none. */
  ping(): Promise<void>;
  /** Waits for running queries and gives all connections back. */
  close(): Promise<void>;
}

/**
 * Connects to PostgreSQL and brings its tables up to date.
 * @throws Error naming host, port and database (never the password) when it can't be reached or refuses us.
 */
export async function openDatabase({ url, cipher, onNotice = () => undefined }: DatabaseOptions): Promise<Database> {
  const place = describeDatabase(url);
  const orm = await MikroORM.init(ormOptions(url, onNotice));
  const ping = async (): Promise<void> => {
    try {
      await orm.em.fork().execute('select 1');
    } catch (cause) {
      const why = cause instanceof Error && cause.message ? cause.message : String(cause);
      throw new Error(
        `${place} can't be used: ${why}. Check that the server runs, that DATABASE_URL is right and that its user may connect.`,
        { cause },
      );
    }
  };
  try {
    await ping();
    await migrate(orm, onNotice);
  } catch (error) {
    await orm.close(true);
    throw error;
  }
  return { repositories: createRepositories(orm.em, cipher), ping, close: () => orm.close(true) };
}
