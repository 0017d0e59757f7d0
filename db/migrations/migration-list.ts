import { CreateUpdateTables } from './20261121000000-create-update-tables.ts';
import { CreateImageVersions } from './20261121170000-create-image-versions.ts';

/** All migrations, oldest first. A released one is never changed: add another (expand, then contract). */
export const MIGRATIONS = [
  { name: '20261121000000-create-update-tables', class: CreateUpdateTables },
  { name: '20261121170000-create-image-versions', class: CreateImageVersions },
];
