import { mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { findOnPath, isExecutableFile } from './find-executable.ts';
import { runCommand } from './run-command.ts';

/** The version that this program was tried with. */
const MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
const USUAL_GO = '/usr/local/go/bin/go';
const SIGN_OF_LIFE_MS = 20_000;

/** Path of the Go tool, from PATH or where its own installer puts it; or null. */
export function findGo(env: NodeJS.ProcessEnv): string | null {
  return findOnPath('go', env) ?? (isExecutableFile(USUAL_GO) ? USUAL_GO : null);
}

/** Builds the Temporal CLI and moves it to `target` when it is whole. Takes about three minutes on two cores. */
export async function buildTemporalCli({
  go,
  target,
  env,
  notice,
}: {
  go: string;
  target: string;
  env: NodeJS.ProcessEnv;
  notice: (line: string) => void;
}): Promise<void> {
  notice(`Building the Temporal server with Go, once: this takes about three minutes. It is kept as ${target}.`);
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const signOfLife = setInterval(
    () => notice(`Still building the Temporal server (${seconds()} s so far) …`),
    SIGN_OF_LIFE_MS,
  );
  const workplace = await mkdtemp(path.join(path.dirname(target), 'build-'));
  try {
    const goPath = [path.dirname(go), env.PATH].filter(Boolean).join(path.delimiter);
    await runCommand(go, ['install', MODULE], { env: { ...env, PATH: goPath, GOBIN: workplace, CGO_ENABLED: '0' } });
    await rename(path.join(workplace, 'temporal'), target);
    notice(`Built the Temporal server in ${seconds()} s.`);
  } finally {
    clearInterval(signOfLife);
    await rm(workplace, { recursive: true, force: true });
  }
}
