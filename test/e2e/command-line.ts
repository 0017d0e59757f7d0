import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const WRAPPER = fileURLToPath(new URL('../../bin/docker-auto.mjs', import.meta.url));
/** Settings of whoever runs the tests must not become the program's. */
const FOREIGN =
  /^(DOCKER_|NOTIFY_|DATABASE_URL|TEMPORAL_(?!CLI$)|API_TOKEN|ENCRYPTION_KEY|LOG_LEVEL|PORT$|HOST$|FORCE_COLOR)/;
const PATIENCE_MS = 90_000;

/** Where a command is run: its data directory, its engine, its temporary files. */
export interface Surroundings {
  dataDirectory: string;
  /** Null leaves DOCKER_HOST unset. */
  dockerHost: string | null;
  env?: Record<string, string>;
}

export interface Ended {
  /** As a shell would report it: 128 + the signal's number where one ended the process. */
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** A `docker-auto` command that is running. */
export interface RunningCommand {
  /** Of the wrapper, that is of what a person started. */
  pid: number;
  ended: Promise<Ended>;
  /** What it printed so far, on both streams. */
  output(): string;
  /** Waits until it has printed that. */
  until(printed: RegExp): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

const running = new Set<RunningCommand>();

/** Starts `node bin/docker-auto.mjs …` without a terminal, as scripts and timers do. */
export function startCommand(surroundings: Surroundings, ...args: string[]): RunningCommand {
  return follow(spawn(process.execPath, [WRAPPER, ...args], spawnOptions(surroundings, 'ignore')), args);
}

/** Starts it on a terminal (util-linux's `script` makes one), on which keys can be typed. */
export function startOnTerminal(
  surroundings: Surroundings,
  ...args: string[]
): RunningCommand & { type(keys: string): void } {
  const line = [process.execPath, WRAPPER, ...args].map((word) => `'${word}'`).join(' ');
  const terminal = ['--quiet', '--flush', '--return', '--command', line, '/dev/null'];
  const child = spawn('script', terminal, spawnOptions(surroundings, 'pipe'));
  return Object.assign(follow(child, args), {
    type(keys: string) {
      child.stdin?.write(keys);
    },
  });
}

function spawnOptions({ dataDirectory, dockerHost, env = {} }: Surroundings, stdin: 'ignore' | 'pipe'): SpawnOptions {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
  return {
    cwd: path.dirname(dataDirectory),
    stdio: [stdin, 'pipe', 'pipe'],
    env: {
      ...own,
      NODE_OPTIONS: '',
      NO_COLOR: '1',
      DATA_DIR: dataDirectory,
      DOCKER_CONFIG: path.join(dataDirectory, 'docker-config'),
      PORT: '0',
      ...(dockerHost === null ? {} : { DOCKER_HOST: dockerHost }),
      ...env,
    },
  };
}

function follow(child: ChildProcess, args: string[]): RunningCommand {
  const printed = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    printed.stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    printed.stderr += chunk.toString();
  });
  const output = () => printed.stdout + printed.stderr;
  const ended = endOf(child, args).then((exitCode) => ({ exitCode, ...printed }));
  const command: RunningCommand = {
    pid: child.pid ?? 0,
    ended,
    output,
    async until(wanted) {
      for (let waited = 0; !wanted.test(output()); waited += 50) {
        if (child.exitCode !== null || waited > PATIENCE_MS)
          throw new Error(`docker-auto ${args.join(' ')} did not print ${wanted}; it printed:\n${output()}`);
        await delay(50);
      }
    },
    signal(signal) {
      child.kill(signal);
    },
  };
  running.add(command);
  const forget = () => running.delete(command);
  ended.then(forget, forget);
  return command;
}

/** Ends what a failed test left running, and waits until it has cleaned up. */
export async function endCommands(): Promise<void> {
  const left = [...running];
  for (const command of left) command.signal('SIGTERM');
  await Promise.allSettled(left.map(({ ended }) => ended));
}

/** Runs `docker-auto …` to its end. */
export async function runCommand(surroundings: Surroundings, ...args: string[]): Promise<Ended> {
  const command = startCommand(surroundings, ...args);
  // SIGTERM lets it stop what it started; the test then fails by its exit code and what it printed.
  const tooLate = setTimeout(() => command.signal('SIGTERM'), PATIENCE_MS);
  return command.ended.finally(() => clearTimeout(tooLate));
}

/** Lines that hold something. */
export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function endOf(child: ChildProcess, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // Not `exit`: what it printed last may come after that.
    child.once('close', (code, signal) => {
      if (code === null && signal === null)
        reject(new Error(`docker-auto ${args.join(' ')} ended without an exit code`));
      else resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']);
    });
  });
}
