import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { FAILURE_CONVERTER_PATH } from './data-converter.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUNDLED_FOLDERS = ['workflows', 'contracts', 'domain'];

/** The bundler tells its timings; nobody needs them. */
const silent = (): void => undefined;

async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256');
  const sdk = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
  hash.update(sdk.version);
  for (const folder of BUNDLED_FOLDERS) {
    const files = (await readdir(path.join(ROOT, folder), { recursive: true }))
      .filter((file) => file.endsWith('.ts'))
      .sort();
    for (const file of files) hash.update(`${folder}/${file}\0`).update(await readFile(path.join(ROOT, folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * The bundle of workflow code that workers run: made once per version of its sources (some seconds), then kept in
 * `cacheDirectory`.
 * @returns path of the bundle
 */
export async function workflowBundle(cacheDirectory: string): Promise<string> {
  const bundle = path.join(cacheDirectory, `workflows-${await sourcesHash()}.cjs`);
  const cached = await readFile(bundle).catch(() => null);
  if (cached !== null) return bundle;
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(ROOT, 'workflows/index.ts'),
    failureConverterPath: FAILURE_CONVERTER_PATH,
    logger: { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: console.error },
  });
  await mkdir(cacheDirectory, { recursive: true });
  // Written beside and renamed, so that a program killed here leaves no half bundle.
  const unfinished = `${bundle}.${process.pid}`;
  await writeFile(unfinished, code);
  await rename(unfinished, bundle);
  return bundle;
}
