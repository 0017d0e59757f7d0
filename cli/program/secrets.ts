import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generateKey } from '../../db/encryption/keyring.ts';

async function readOrCreate(file: string, make: () => string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secret = make();
  await writeFile(file, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  return secret;
}

/** The encryption key as configured, else one that is generated into the data directory once, mode 0600. */
export function encryptionKeyText(configured: string | null, dataDirectory: string): Promise<string> {
  return configured === null
    ? readOrCreate(path.join(dataDirectory, 'encryption.key'), generateKey)
    : Promise.resolve(configured);
}

/** The API's token as configured, else one that is generated into the data directory once, mode 0600. */
export function apiTokenText(configured: string | null, dataDirectory: string): Promise<string> {
  const generate = () => randomBytes(32).toString('base64url');
  return configured === null
    ? readOrCreate(path.join(dataDirectory, 'api.token'), generate)
    : Promise.resolve(configured);
}
