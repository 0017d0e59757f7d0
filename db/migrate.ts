import type { MikroORM } from '@mikro-orm/postgresql';

/** Any fixed number will do, as long as nothing else in the database uses it. */
const MIGRATION_LOCK = 5_713_820_264;

/**
 * Applies the migrations that are missing. A PostgreSQL advisory lock makes processes that start at once take turns: the
 * later ones find nothing left to do. The lock lives in a transaction of its own, so it falls with a dying process.
 * @param onNotice gets one line per migration that was applied.
 */
export async function migrate(orm: MikroORM, onNotice: (line: string) => void): Promise<void> {
  await orm.em.fork().transactional(async (lock) => {
    await lock.execute('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    for (const { name } of await orm.migrator.up()) {
      onNotice(`database: applied migration ${name}`);
    }
  });
}
