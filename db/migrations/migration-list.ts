import { CreateUpdateTables } from './20261121000000-create-update-tables.ts';
import { RememberVersionsAndOrigins } from './20261121170000-remember-versions-and-origins.ts';

/** All migrations, oldest first. A released one is never changed: add another (expand, then contract). */
export const MIGRATIONS = [
  { name: '20261121000000-create-update-tables', class: CreateUpdateTables },
  { name: '20261121170000-remember-versions-and-origins', class: RememberVersionsAndOrigins },
];
