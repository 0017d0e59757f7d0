import { MikroORM } from '@mikro-orm/postgresql';
import { ormOptions } from '../orm-options.ts';

/**
 * For developers, at the root of the repository: `node db/migrations/create-migration.ts <name>` writes what the entities
 * have beyond the snapshot as a new migration next to this file, and brings the snapshot up to date. It needs no
 * database. The new class is then entered in `migration-list.ts` by hand.
 */
const [name] = process.argv.slice(2);
if (!name) {
  throw new Error('A name for the migration is missing; expected for example: create-migration.ts add-batches');
}
const { migrationsList: _, ...migrations } = ormOptions('postgresql://127.0.0.1/none', console.warn).migrations ?? {};
const orm = await MikroORM.init({
  ...ormOptions('postgresql://127.0.0.1/none', console.warn),
  migrations: {
    ...migrations,
    snapshot: true,
    fileName: (timestamp, label) => `${timestamp}-${label}`,
  },
});
const { fileName } = await orm.migrator.create(undefined, false, false, name);
console.log(fileName ? `Written: db/migrations/${fileName}` : 'The entities have nothing beyond the snapshot.');
await orm.close(true);
