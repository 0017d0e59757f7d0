import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorText } from './error-code.ts';
import { endLeftover, processStartTime, signalProcess, writeRunRecord } from './run-record.ts';

/** A log that has grown past this is put aside (one old log is kept) when its program starts. */
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const FIRST_BACK_OFF_MS = 200;
const LONGEST_BACK_OFF_MS = 30_000;
/** A program that ran this long is taken as well again: the back-off begins anew. */
const STEADY_AFTER_MS = 60_000;
const READY_POLL_MS = 15;

export interface SupervisedProcessOptions {
  /** Names the log and the run record. */
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Holds `logs/<name>.log` and `run/<name>.json`. */
  directory: string;
  /** Asked again and again until true. It must not throw for a server that isn't up yet. */
  ready: (pid: number) => Promise<boolean>;
  /** Milliseconds; 30 s by default. */
  readyTimeoutMs?: number;
  /** Asks the program to end; SIGTERM by default. */
  stopSignal?: NodeJS.Signals;
  /** Milliseconds until SIGKILL; 10 s by default. */
  stopTimeoutMs?: number;
  /** Done before each start, such as removing a stale pid file. */
  beforeStart?: () => Promise<void>;
  /** One line for each thing worth knowing: a death, a restart. */
  log: (line: string) => void;
}

export interface SupervisedProcess {
  /** Process id of the running program, or null between a death and the restart. */
  pid(): number | null;
  /** Sends a signal as a fault would: the supervision goes on and restarts what dies of it. */
  kill(signal: NodeJS.Signals): void;
  /** Sends a signal that ends the program, and waits until its successor answers. */
  restart(signal: NodeJS.Signals): Promise<void>;
  /** Resolves when the program answers again after a death. */
  whenReady(): Promise<void>;
  /** Ends the program and its supervision. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

/**
 * Starts a program in a process group of its own (a Ctrl-C on the terminal is for us to pass on, in our order), waits
 * until it is ready and from then on restarts it with growing pauses whenever it dies unasked. What an earlier run of
 * ours left running under the same name is ended first.
 * @throws Error with the end of its log when it ends, or isn't ready in time, on this first start.
 */
export async function superviseProcess(options: SupervisedProcessOptions): Promise<SupervisedProcess> {
  const supervision = new Supervision(options);
  await supervision.firstStart();
  return supervision;
}

class Supervision implements SupervisedProcess {
  readonly #options: SupervisedProcessOptions;
  readonly #logFile: string;
  readonly #runFile: string;
  readonly #stopRequest = new AbortController();
  #child: ChildProcess | null = null;
  #exited: Promise<string> = Promise.resolve('');
  #readiness: Promise<void> = Promise.resolve();
  #watch: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | null = null;

  constructor(options: SupervisedProcessOptions) {
    this.#options = options;
    this.#logFile = path.join(options.directory, 'logs', `${options.name}.log`);
    this.#runFile = path.join(options.directory, 'run', `${options.name}.json`);
  }

  pid(): number | null {
    return this.#child?.pid ?? null;
  }

  kill(signal: NodeJS.Signals): void {
    const pid = this.pid();
    if (pid !== null) signalProcess(pid, signal);
  }

  async restart(signal: NodeJS.Signals): Promise<void> {
    const ended = this.#exited;
    this.kill(signal);
    await ended;
    await this.#readiness;
  }

  whenReady(): Promise<void> {
    return this.#readiness;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async firstStart(): Promise<void> {
    mkdirSync(path.dirname(this.#logFile), { recursive: true, mode: 0o700 });
    mkdirSync(path.dirname(this.#runFile), { recursive: true, mode: 0o700 });
    const { stopSignal = 'SIGTERM', stopTimeoutMs = 10_000 } = this.#options;
    if (await endLeftover(this.#runFile, { signal: stopSignal, timeoutMs: stopTimeoutMs })) {
      this.#options.log(`${this.#options.name}: ended the one that an earlier run left behind`);
    }
    try {
      await this.#start();
    } catch (error) {
      await this.#stop();
      throw error;
    }
    this.#watch = this.#keepRunning();
  }

  async #start(): Promise<void> {
    const { name, command, args, env, cwd, beforeStart } = this.#options;
    await beforeStart?.();
    putLargeLogAside(this.#logFile);
    const log = openSync(this.#logFile, 'a', 0o600);
    const logStart = statSync(this.#logFile).size;
    try {
      this.#child = spawn(command, args, {
        detached: true,
        stdio: ['ignore', log, log],
        env: env ?? process.env,
        ...(cwd === undefined ? {} : { cwd }),
      });
    } finally {
      closeSync(log);
    }
    const child = this.#child;
    this.#exited = new Promise((resolve) => {
      const ended = (how: string) => {
        if (this.#child === child) this.#child = null;
        resolve(how);
      };
      child.once('error', (error) => ended(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) =>
        ended(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
      );
    });
    if (child.pid !== undefined) {
      writeRunRecord(this.#runFile, {
        pid: child.pid,
        startTime: processStartTime(child.pid),
        command: [command, ...args],
      });
    }
    await this.#untilReady(child).catch((error: unknown) => {
      const tail = logTail(this.#logFile, logStart);
      throw new Error(`${name} ${errorText(error)}; see ${this.#logFile}${tail === '' ? '' : `\n${tail}`}`);
    });
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const { ready, readyTimeoutMs = 30_000 } = this.#options;
    const deadline = Date.now() + readyTimeoutMs;
    const end = this.#exited;
    while (Date.now() < deadline) {
      if (child.pid !== undefined && (await ready(child.pid)) && this.#child === child) return;
      await delay(READY_POLL_MS);
      if (this.#child !== child) throw new Error(`${await end} before it was ready`);
    }
    throw new Error(`was not ready after ${readyTimeoutMs / 1000} s`);
  }

  async #keepRunning(): Promise<void> {
    const { name, log } = this.#options;
    let backOffMs = FIRST_BACK_OFF_MS;
    while (!this.#stopRequest.signal.aborted) {
      const startedAt = Date.now();
      const how = await this.#exited;
      if (this.#stopRequest.signal.aborted) return;
      if (Date.now() - startedAt > STEADY_AFTER_MS) backOffMs = FIRST_BACK_OFF_MS;
      log(`${name} ${how}; starting it again in ${backOffMs / 1000} s`);
      this.#readiness = this.#startAgain(backOffMs);
      await this.#readiness.catch((error: unknown) => log(errorText(error)));
      backOffMs = Math.min(backOffMs * 2, LONGEST_BACK_OFF_MS);
    }
  }

  async #startAgain(pauseMs: number): Promise<void> {
    const paused = await delay(pauseMs, true, { signal: this.#stopRequest.signal }).catch(() => false);
    if (!paused || this.#stopRequest.signal.aborted) return;
    await this.#start().catch(async (error: unknown) => {
      await this.#end();
      throw error;
    });
    if (!this.#stopRequest.signal.aborted) this.#options.log(`${this.#options.name} runs again`);
  }

  async #stop(): Promise<void> {
    this.#stopRequest.abort();
    await this.#end();
    await this.#watch;
    // A restart that was under way when the stop came may have brought up one more.
    await this.#end();
    rmSync(this.#runFile, { force: true });
  }

  async #end(): Promise<void> {
    const { stopSignal = 'SIGTERM', stopTimeoutMs = 10_000 } = this.#options;
    if (this.#child === null) return;
    this.kill(stopSignal);
    const patience = new AbortController();
    const tooLate = delay(stopTimeoutMs, true, { signal: patience.signal }).catch(() => false);
    const late = await Promise.race([this.#exited.then(() => false), tooLate]);
    patience.abort();
    if (late) this.kill('SIGKILL');
    await this.#exited;
  }
}

function putLargeLogAside(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`);
}

function logTail(file: string, from: number): string {
  return readFileSync(file).subarray(from).toString('utf8').trim().split('\n').slice(-15).join('\n');
}
