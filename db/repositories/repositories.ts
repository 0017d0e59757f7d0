import type { EntityManager } from '@mikro-orm/postgresql';
import type { Cipher } from '../../domain/cipher.ts';
import { createBackupRepository } from './backup-repository.ts';
import { createContainerRepository } from './container-repository.ts';
import { createHostRepository } from './host-repository.ts';
import { createImageVersionRepository } from './image-version-repository.ts';
import { createOutboxRepository } from './outbox-repository.ts';
import { createQuarantineRepository } from './quarantine-repository.ts';
import { createUpdateRepository } from './update-repository.ts';

export type Repositories = ReturnType<typeof createRepositories>;

/** All that the rest of the program sees of the database. Each call is a unit of work of its own. */
export function createRepositories(em: EntityManager, cipher: Cipher) {
  return {
    hosts: createHostRepository(em),
    containers: createContainerRepository(em, cipher),
    updates: createUpdateRepository(em, cipher),
    backups: createBackupRepository(em),
    imageVersions: createImageVersionRepository(em),
    quarantine: createQuarantineRepository(em),
    outbox: createOutboxRepository(em, cipher),
  };
}
