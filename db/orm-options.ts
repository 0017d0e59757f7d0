import type { Options } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, type PostgreSqlDriver } from '@mikro-orm/postgresql';
import { Container } from './entities/container.ts';
import { Host } from './entities/host.ts';
import { ImageVersion } from './entities/image-version.ts';
import { OutboxMessage } from './entities/outbox-message.ts';
import { QuarantinedDigest } from './entities/quarantined-digest.ts';
import { Tenant } from './entities/tenant.ts';
import { UpdateBackup } from './entities/update-backup.ts';
import { UpdateEvent } from './entities/update-event.ts';
import { UpdateHistory } from './entities/update-history.ts';
import { MIGRATIONS } from './migrations/migration-list.ts';

/**
 * How the ORM is set up. `driverOptions` hands the whole URL to the driver, because the ORM itself reads only host, port,
 * user, password and database from it and would drop parameters such as `sslmode`.
 * @param url `postgresql://user:password@host:port/database`
 * @param log receives the ORM's warnings, one line each.
 */
export function ormOptions(url: string, log: (line: string) => void): Partial<Options<PostgreSqlDriver>> {
  return defineConfig({
    clientUrl: url,
    driverOptions: { connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'docker-auto' },
    pool: { min: 0, max: 10 },
    entities: [
      Tenant,
      Host,
      Container,
      UpdateHistory,
      UpdateEvent,
      UpdateBackup,
      QuarantinedDigest,
      OutboxMessage,
      ImageVersion,
    ],
    extensions: [Migrator],
    // The snapshot is written when a migration is made, never where one is applied.
    migrations: {
      migrationsList: MIGRATIONS,
      path: 'db/migrations',
      snapshot: false,
      snapshotName: '.snapshot',
      silent: true,
    },
    metadataCache: { enabled: false },
    ensureDatabase: false,
    colors: false,
    logger: log,
  });
}
