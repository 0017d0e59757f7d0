import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { errorText } from './error-code.ts';
import { findOnPath, isExecutableFile } from './find-executable.ts';
import { tryCommand } from './run-command.ts';
import { buildTemporalCli, findGo } from './temporal-build.ts';
import { DOWNLOAD_HOST, downloadTemporalCli } from './temporal-download.ts';

export interface TemporalCliSearch {
  /** Holds `temporal` once it was downloaded or built; created when needed. */
  cacheDirectory: string;
  env: NodeJS.ProcessEnv;
  /** Told what takes time, in one line each. */
  notice: (line: string) => void;
  /** Asked for a sign of life before a download; where the SDK downloads from by default. */
  downloadHost?: string;
}

/** One way of coming by the program: its path, or why that way is closed. */
type Attempt = { way: string; found: string } | { way: string; found: null; reason: string };

/**
 * Path of a Temporal CLI that runs on this machine. Looked for in this order: `TEMPORAL_CLI`, `temporal` on PATH, the
 * cache, the SDK's download into the cache, a build with Go into the cache (about three minutes, once).
 * @throws Error when `TEMPORAL_CLI` is set and wrong, or with each way tried and why it failed when none works.
 */
export async function findTemporalCli(search: TemporalCliSearch): Promise<string> {
  const named = search.env.TEMPORAL_CLI;
  if (named !== undefined && named !== '') return checkNamed(named);
  const failures: string[] = [];
  for (const way of [onPath, inCache, download, build]) {
    const attempt = await way(search);
    if (attempt.found !== null) return attempt.found;
    failures.push(`  - ${attempt.way}: ${attempt.reason}`);
  }
  throw new Error(
    [
      "the Temporal server is missing and can't be fetched:",
      ...failures,
      'Do one of these: set TEMPORAL_CLI to a Temporal CLI (https://github.com/temporalio/cli/releases), set TEMPORAL_ADDRESS to a running Temporal server, or install Go (https://go.dev/dl) and start again.',
    ].join('\n'),
  );
}

async function checkNamed(file: string): Promise<string> {
  const trouble = await whyNotUsable(path.resolve(file));
  if (trouble === null) return path.resolve(file);
  throw new Error(`TEMPORAL_CLI names ${file}, which ${trouble}; set it to the Temporal CLI, or unset it`);
}

async function onPath({ env }: TemporalCliSearch): Promise<Attempt> {
  const way = 'temporal on PATH';
  const file = findOnPath('temporal', env);
  if (file === null) return { way, found: null, reason: 'not there' };
  const trouble = await whyNotUsable(file);
  return trouble === null ? { way, found: file } : { way, found: null, reason: `${file} ${trouble}` };
}

async function inCache({ cacheDirectory }: TemporalCliSearch): Promise<Attempt> {
  const file = path.join(cacheDirectory, 'temporal');
  const trouble = await whyNotUsable(file);
  return trouble === null ? { way: file, found: file } : { way: file, found: null, reason: trouble };
}

async function download({ cacheDirectory, notice, downloadHost = DOWNLOAD_HOST }: TemporalCliSearch): Promise<Attempt> {
  const way = `download from ${downloadHost}`;
  try {
    mkdirSync(cacheDirectory, { recursive: true });
    const target = path.join(cacheDirectory, 'temporal');
    await downloadTemporalCli({ target, host: downloadHost, notice });
    const trouble = await whyNotUsable(target);
    return trouble === null ? { way, found: target } : { way, found: null, reason: `what came ${trouble}` };
  } catch (error) {
    return { way, found: null, reason: errorText(error) };
  }
}

async function build({ cacheDirectory, env, notice }: TemporalCliSearch): Promise<Attempt> {
  const way = 'build with Go';
  const go = findGo(env);
  if (go === null) return { way, found: null, reason: 'Go is not installed (looked on PATH and in /usr/local/go/bin)' };
  try {
    mkdirSync(cacheDirectory, { recursive: true });
    const target = path.join(cacheDirectory, 'temporal');
    await buildTemporalCli({ go, target, env, notice });
    const trouble = await whyNotUsable(target);
    return trouble === null ? { way, found: target } : { way, found: null, reason: `what was built ${trouble}` };
  } catch (error) {
    return { way, found: null, reason: errorText(error) };
  }
}

/** Null for a CLI that runs; else the end of a sentence that begins with its name. */
async function whyNotUsable(file: string): Promise<string | null> {
  if (!isExecutableFile(file)) return 'is missing or not executable';
  try {
    const { code, stdout } = await tryCommand(file, ['--version'], { timeoutMs: 20_000 });
    return code === 0 && /temporal/i.test(stdout)
      ? null
      : `is no Temporal CLI (--version ended with ${code ?? 'a signal'})`;
  } catch (error) {
    return `doesn't run: ${errorText(error)}`;
  }
}
