import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { namesAround, pageAt } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';
import {
  endCommands,
  linesOf,
  type RunningCommand,
  runCommand,
  type Surroundings,
  startCommand,
  startOnTerminal,
} from './command-line.ts';
import { NO_TRACES, tracesOf } from './traces.ts';
import { runOutdated } from './web-container.ts';

let sandbox: Sandbox;
let directory: string;
let surroundings: Surroundings;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-interruption-'));
  sandbox = await startSandbox('interruption-engine');
  surroundings = { dataDirectory: path.join(directory, 'data'), dockerHost: sandbox.dockerHost };
});

afterEach(endCommands);

afterAll(async () => {
  await sandbox?.destroy();
  await rm(directory, { recursive: true, force: true });
});

async function startServer(): Promise<RunningCommand> {
  const server = startCommand(surroundings, 'serve');
  await server.until(/Serving/);
  return server;
}

const left = () => tracesOf([surroundings.dataDirectory]);

/** The program itself, which the wrapper started. */
async function programPid(): Promise<number> {
  const { pid } = JSON.parse(await readFile(path.join(surroundings.dataDirectory, 'run', 'api.json'), 'utf8')) as {
    pid: number;
  };
  return pid;
}

/** Waits for the end of the container's last update. */
async function lastOutcome(name: string): Promise<string | undefined> {
  for (let tries = 0; tries < 60; tries += 1) {
    const { stdout } = await runCommand(surroundings, 'history', name, '--json');
    const [last] = JSON.parse(stdout) as Array<{ status: string }>;
    if (last !== undefined && last.status !== 'running' && last.status !== 'waiting') return last.status;
  }
  return undefined;
}

describe('Ctrl-C', () => {
  it('ends serve with 0 and a clear last line, and stops everything that it started', async () => {
    const server = await startServer();
    const running = left().processes.join('\n');
    for (const program of ['serve', 'postgres', 'temporal']) expect(running).toContain(program);

    server.signal('SIGINT');

    const { exitCode, stdout } = await server.ended;
    expect(exitCode).toBe(0);
    expect(linesOf(stdout).slice(-2)).toEqual(['Stopping …', 'Stopped.']);
    expect(left()).toEqual(NO_TRACES);
  });

  it('ends a serve that is just starting as well', async () => {
    const server = startCommand(surroundings, 'serve');
    while (!left().processes.some((line) => line.includes('postgres'))) await delay(20);
    expect(server.output()).not.toContain('listens on');
    server.signal('SIGINT');
    const { exitCode, stdout } = await server.ended;
    expect(exitCode).toBe(0);
    expect(linesOf(stdout).at(-1)).toBe('Stopped.');
    expect(left()).toEqual(NO_TRACES);
  });

  it('ends a waiting update with 130 and says that the update goes on, and it does', async () => {
    await startServer();
    const port = await runOutdated(sandbox, 'scripted');
    const waiting = startCommand(surroundings, 'update', 'scripted', '--wait', '--soak', '3');
    await waiting.until(/start +done/);

    waiting.signal('SIGINT');

    const { exitCode, stderr } = await waiting.ended;
    expect(exitCode).toBe(130);
    expect(linesOf(stderr)).toEqual([
      'Interrupted. The update goes on in the server; docker-auto history shows how it ends.',
    ]);
    expect(await lastOutcome('scripted')).toBe('success');
    expect(await pageAt(port)).toBe('v2');
  });

  it('typed on a terminal, where the steps are drawn in place, gives the cursor back', async () => {
    await startServer();
    await runOutdated(sandbox, 'typed');
    const waiting = startOnTerminal(surroundings, 'update', 'typed', '--wait', '--soak', '3');
    await waiting.until(/health +\d/);

    waiting.type('\x03');

    const { exitCode, stdout } = await waiting.ended;
    expect(exitCode).toBe(130);
    expect(stdout).toContain('\x1b[?25l');
    expect(stdout.lastIndexOf('\x1b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\x1b[?25l'));
    expect(linesOf(stdout).at(-1)).toContain('Interrupted. The update goes on in the server');
    expect(await lastOutcome('typed')).toBe('success');
  });

  it('ends a once that runs alone with 130, everything stopped; the next start finishes its update', async () => {
    const port = await runOutdated(sandbox, 'alone');
    const alone = startCommand({ ...surroundings, env: { UPDATE_SOAK_SECONDS: '5' } }, 'once', 'alone');
    await alone.until(/start +done/);

    alone.signal('SIGINT');

    const { exitCode, stderr } = await alone.ended;
    expect(exitCode).toBe(130);
    expect(linesOf(stderr).at(-1)).toBe(
      'Interrupted. The update stops here with this program and is finished when docker-auto starts next.',
    );
    expect(left()).toEqual(NO_TRACES);
    await startServer();
    expect(await lastOutcome('alone')).toBe('success');
    expect(await pageAt(port)).toBe('v2');
    expect(await namesAround(sandbox.docker, 'alone')).toEqual(['alone']);
  });
});

describe('kill -9', () => {
  it('of the wrapper alone lets the program stop in good order', async () => {
    const server = await startServer();
    const pid = await programPid();
    expect(pid).not.toBe(server.pid);

    server.signal('SIGKILL');

    // Its output is open until the program itself has ended.
    const { exitCode, stdout } = await server.ended;
    expect(exitCode).toBe(137);
    expect(linesOf(stdout).at(-1)).toBe('Stopped.');
    expect(left()).toEqual(NO_TRACES);
  });

  it('of the program leaves its servers, and the next start ends them and works', async () => {
    const killed = await startServer();
    process.kill(await programPid(), 'SIGKILL');
    expect((await killed.ended).exitCode).toBe(137);
    const orphans = left().processes.map((line) => line.split(' ')[0]);
    expect(left().processes.join('\n')).toMatch(/postgres[\s\S]*temporal|temporal[\s\S]*postgres/);

    const server = await startServer();

    const present = left().processes.map((line) => line.split(' ')[0]);
    expect(present.filter((pid) => orphans.includes(pid))).toEqual([]);
    const port = await runOutdated(sandbox, 'afterwards');
    expect(await runCommand(surroundings, 'update', 'afterwards', '--wait', '--soak', '0')).toMatchObject({
      exitCode: 0,
    });
    expect(await pageAt(port)).toBe('v2');
    server.signal('SIGINT');
    expect((await server.ended).exitCode).toBe(0);
    expect(left()).toEqual(NO_TRACES);
  });
});
