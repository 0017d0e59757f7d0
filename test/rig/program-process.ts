import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

import { onInterrupt } from './on-interrupt.ts';

export interface ProgramProcess {
  pid: number;
  apiUrl: string;
  token: string;
  /** Everything that it printed so far. */
  output(): string;
  /** Stops it as a person would, and waits for its end. @returns its exit code */
  stop(): Promise<number | null>;
  /** kill -9, of the program itself only. */
  kill(): Promise<void>;
}

export interface ProgramProcessOptions {
  dataDirectory: string;
  dockerHost: string;
  /** Script to run instead of the command line's `serve`. */
  script?: string;
  env?: Record<string, string>;
}

function exited(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

async function announcement(dataDirectory: string, pid: number): Promise<{ url: string; token: string } | null> {
  try {
    const written = JSON.parse(await readFile(path.join(dataDirectory, 'run', 'api.json'), 'utf8')) as {
      url: string;
      token: string;
      pid: number;
    };
    return written.pid === pid ? written : null;
  } catch {
    // Not written yet; the caller asks again.
    return null;
  }
}

/** Runs the whole program as a process of its own, as users do, and waits until its API answers. */
export async function startProgramProcess(options: ProgramProcessOptions): Promise<ProgramProcess> {
  const script = options.script ?? 'cli/main.ts';
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      path.join(ROOT, script),
      ...(options.script === undefined ? ['serve'] : []),
    ],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        // Only the program's own coverage is wanted, not that of the tests (`npm run coverage -- docker`).
        ...(process.env.PROGRAM_COVERAGE === undefined ? {} : { NODE_V8_COVERAGE: process.env.PROGRAM_COVERAGE }),
        DATA_DIR: options.dataDirectory,
        DOCKER_HOST: options.dockerHost,
        PORT: '0',
        DOCKER_CONFIG: path.join(options.dataDirectory, 'docker-config'),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const end = exited(child);
  const ended = onInterrupt(async () => {
    child.kill('SIGTERM');
    await end;
    await rm(options.dataDirectory, { recursive: true, force: true });
  });
  void end.then(ended);
  const pid = child.pid ?? 0;
  for (let waited = 0; waited < 90_000; waited += 100) {
    const found = await announcement(options.dataDirectory, pid);
    if (found !== null) {
      return {
        pid,
        apiUrl: found.url,
        token: found.token,
        output: () => output,
        async stop() {
          child.kill('SIGTERM');
          return end;
        },
        async kill() {
          child.kill('SIGKILL');
          await end;
        },
      };
    }
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}:\n${output}`);
    await delay(100);
  }
  child.kill('SIGKILL');
  throw new Error(`the program did not get ready in 90 s:\n${output}`);
}
