import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { errorText } from './error-code.ts';
import { isExecutableFile } from './find-executable.ts';
import { tryCommand } from './run-command.ts';

export const DOWNLOAD_HOST = 'https://temporal.download';

/**
 * Has the Temporal SDK download its own dev server and moves it to `target`. It runs in a process of its own: the SDK
 * starts the server to prove it, and takes a runtime for good that this program must be free to configure.
 * @throws Error when the host can't be reached within 5 s, or with what the SDK said.
 */
export async function downloadTemporalCli({
  target,
  host,
  notice,
}: {
  target: string;
  host: string;
  notice: (line: string) => void;
}): Promise<void> {
  await probe(host);
  notice(`Downloading the Temporal server (once) to ${path.dirname(target)} …`);
  const workplace = await mkdtemp(path.join(path.dirname(target), 'download-'));
  try {
    const script = ['--input-type=module', '--eval', downloadScript(workplace)];
    const { code, stderr } = await tryCommand(process.execPath, script, { timeoutMs: 10 * 60_000 });
    if (code !== 0) throw new Error(stderr.trim() || 'the SDK took longer than ten minutes');
    const files = (await readdir(workplace)).map((name) => path.join(workplace, name));
    const file = files.find(isExecutableFile);
    if (file === undefined) throw new Error('the SDK left no program behind');
    await rename(file, target);
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
}

async function probe(host: string): Promise<void> {
  try {
    await fetch(host, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(5_000) });
  } catch (error) {
    const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : error;
    throw new Error(`not reachable within 5 s: ${errorText(cause)}`, { cause: error });
  }
}

function downloadScript(directory: string): string {
  const testing = createRequire(import.meta.url).resolve('@temporalio/testing');
  const executable = { type: 'cached-download', downloadDir: directory };
  return `
    import testing from ${JSON.stringify(testing)};
    const server = { executable: ${JSON.stringify(executable)} };
    try {
      const environment = await testing.TestWorkflowEnvironment.createLocal({ server });
      await environment.teardown();
      process.exit(0);
    } catch (error) {
      console.error(error.message);
      process.exit(1);
    }
  `;
}
