import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { pageAt } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';
import { endCommands, linesOf, runCommand, type Surroundings, startCommand, startOnTerminal } from './command-line.ts';
import { runOutdated } from './web-container.ts';

let sandbox: Sandbox;
let directory: string;
let surroundings: Surroundings;
const ports = new Map<string, number>();

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-batch-'));
  sandbox = await startSandbox('batch-engine');
  surroundings = { dataDirectory: path.join(directory, 'data'), dockerHost: sandbox.dockerHost };
  for (const [name, dependsOn] of [
    ['web', 'app'],
    ['app', 'db'],
    ['db', ''],
    ['hen', 'egg'],
    ['egg', 'hen'],
    ['one', ''],
    ['two', 'one'],
  ] as const) {
    ports.set(name, await runOutdated(sandbox, name, { labels: { 'docker-auto.depends-on': dependsOn } }));
  }
});

afterEach(endCommands);

afterAll(async () => {
  await sandbox?.destroy();
  await rm(directory, { recursive: true, force: true });
});

const pages = (...names: string[]) => Promise.all(names.map((name) => pageAt(ports.get(name) ?? 0)));

describe('several containers in one command', () => {
  it('take turns in the order of their dependencies; those in a circle are refused, the others are not', async () => {
    const names = ['web', 'hen', 'app', 'egg', 'db'];
    const { exitCode, stdout, stderr } = await runCommand(surroundings, 'update', ...names, '--wait', '--soak', '0');

    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    // The SDK's core speaks up on standard output unless it is told where to.
    expect(stdout).not.toContain('temporalio');
    const lines = linesOf(stdout);
    expect(lines.some((line) => /^\d\d:\d\d:\d\d [123] of 3 wait for their turn\.$/.test(line))).toBe(true);
    const end = (name: string) => lines.findIndex((line) => new RegExp(`^\\S+ ${name} +notify +done`).test(line));
    const beginning = (name: string) =>
      lines.findIndex((line) => new RegExp(`^\\S+ ${name} +inspect +done`).test(line));
    expect(end('db')).toBeGreaterThan(-1);
    expect(beginning('app')).toBeGreaterThan(end('db'));
    expect(beginning('web')).toBeGreaterThan(end('app'));
    for (const name of ['hen', 'egg'])
      expect(lines.find((line) => line.startsWith(`${name} `))).toMatch(/not started.*hen → egg → hen/);
    expect(await pages('web', 'app', 'db', 'hen', 'egg')).toEqual(['v2', 'v2', 'v2', 'v1', 'v1']);
  });

  it('that are interrupted where no server runs begin no more, today or at the next start', async () => {
    const alone = startOnTerminal(surroundings, 'update', 'one', 'two', '--soak', '20', '--max-parallel', '1');
    await alone.until(/two +queued/);
    await alone.until(/health +\d/);

    alone.type('\x03');

    const { exitCode, stdout } = await alone.ended;
    expect(exitCode).toBe(130);
    expect(linesOf(stdout).at(-1)).toMatch(/Interrupted\. Updates that had begun .* no other will begin\.\s*$/);
    const server = startCommand(surroundings, 'serve');
    await server.until(/Serving/);
    for (let status = 'running'; status === 'running'; ) {
      const { stdout: told } = await runCommand(surroundings, 'history', 'one', '--json');
      status = (JSON.parse(told) as Array<{ status: string }>)[0]?.status ?? 'none';
      if (status !== 'running') expect(status).toBe('success');
    }
    const { stdout: history } = await runCommand(surroundings, 'history', 'two', '--json');
    expect(JSON.parse(history)).toEqual([]);
    expect(await pages('one', 'two')).toEqual(['v2', 'v1']);
  });
});
