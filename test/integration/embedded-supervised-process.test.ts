import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { endLeftover, processStartTime, writeRunRecord } from '../../embedded/run-record.ts';
import { type SupervisedProcess, superviseProcess } from '../../embedded/supervised-process.ts';

let directory: string;
let lines: string[];
const running: SupervisedProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'docker-auto-test-supervise-'));
  lines = [];
});

afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function supervise(script: string, ready = async () => true): Promise<SupervisedProcess> {
  const started = await superviseProcess({
    name: 'sample',
    command: '/bin/sh',
    args: ['-c', script],
    directory,
    ready,
    readyTimeoutMs: 3_000,
    stopTimeoutMs: 300,
    log: (line) => lines.push(line),
  });
  running.push(started);
  return started;
}

function pidOf(one: SupervisedProcess): number {
  const pid = one.pid();
  if (pid === null) throw new Error('it is not running');
  return pid;
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 5_000; Date.now() < deadline; await delay(10)) if (condition()) return;
  throw new Error('it did not come about within 5 s');
}

describe('a supervised program', () => {
  it('is started again when it is killed, and says so', async () => {
    const sample = await supervise('exec sleep 100');
    const first = pidOf(sample);
    await sample.restart('SIGKILL');
    expect(pidOf(sample)).not.toBe(first);
    expect(lines).toEqual(['sample was ended by SIGKILL; starting it again in 0.2 s', 'sample runs again']);
  });

  it('waits longer after each death', async () => {
    await supervise('sleep 0.02');
    await until(() => lines.filter((line) => line.includes('starting it again')).length >= 3);
    const pauses = lines.map((line) => /again in (.*)$/.exec(line)?.[1]).filter(Boolean);
    expect(pauses.slice(0, 3)).toEqual(['0.2 s', '0.4 s', '0.8 s']);
  });

  it('is stopped with the stop signal, and killed when it does not heed it', async () => {
    const polite = await supervise(`trap 'echo bye; exit 0' TERM; while :; do sleep 0.01; done`);
    await delay(50);
    await polite.stop();
    expect(readFileSync(path.join(directory, 'logs', 'sample.log'), 'utf8')).toBe('bye\n');

    const deaf = await supervise(`trap '' TERM; echo deaf; while :; do sleep 0.01; done`);
    const pid = pidOf(deaf);
    await delay(50);
    await deaf.stop();
    expect(processStartTime(pid)).toBeNull();
    expect(lines).toEqual([]);
  });

  it('can be stopped while it waits to be started again', async () => {
    const sample = await supervise('exec sleep 100');
    sample.kill('SIGKILL');
    await until(() => lines.length === 1);
    await sample.stop();
    expect(sample.pid()).toBeNull();
    await delay(300);
    expect(lines).toHaveLength(1);
  });

  it('that ends before it is ready is an error with the end of its log', async () => {
    const failing = supervise('echo it hurts >&2; exit 3', async () => false);
    await expect(failing).rejects.toThrow(/sample ended with code 3 before it was ready; see .*sample\.log\nit hurts/);
  });

  it('that can not be started at all is an error', async () => {
    const started = superviseProcess({
      name: 'nothing',
      command: path.join(directory, 'nothing'),
      args: [],
      directory,
      ready: async () => true,
      log: (line) => lines.push(line),
    });
    await expect(started).rejects.toThrow(/nothing could not be started: .*ENOENT/);
  });

  it('that never gets ready is ended and an error', async () => {
    let pid = 0;
    const started = superviseProcess({
      name: 'slow',
      command: '/bin/sleep',
      args: ['100'],
      directory,
      ready: async (its) => {
        pid = its;
        return false;
      },
      readyTimeoutMs: 100,
      log: (line) => lines.push(line),
    });
    await expect(started).rejects.toThrow('slow was not ready after 0.1 s');
    expect(processStartTime(pid)).toBeNull();
  });

  it('ends the one that a killed run left behind before it starts its own', async () => {
    const module = new URL('../../embedded/supervised-process.ts', import.meta.url).href;
    const script = `
      const { superviseProcess } = await import(${JSON.stringify(module)});
      await superviseProcess({
        name: 'sample', command: '/bin/sleep', args: ['100'], directory: ${JSON.stringify(directory)},
        ready: async () => true, log() {},
      });
      process.kill(process.pid, 'SIGKILL');
    `;
    await new Promise((resolve) =>
      spawn(process.execPath, ['--input-type=module', '--eval', script]).once('exit', resolve),
    );
    const { pid } = JSON.parse(readFileSync(path.join(directory, 'run', 'sample.json'), 'utf8'));
    expect(processStartTime(pid)).not.toBeNull();
    const sample = await supervise('exec sleep 100');
    expect(processStartTime(pid)).toBeNull();
    expect(pidOf(sample)).not.toBe(pid);
    expect(lines).toEqual(['sample: ended the one that an earlier run left behind']);
  });
});

describe('ending a leftover', () => {
  it('leaves a process alone that only has the same pid', async () => {
    const stranger = spawn('/bin/sleep', ['100']);
    try {
      const pid = stranger.pid ?? 0;
      const file = path.join(directory, 'stranger.json');
      writeRunRecord(file, { pid, startTime: '1', command: ['/bin/sleep', '100'] });
      expect(await endLeftover(file)).toBe(false);
      expect(processStartTime(pid)).not.toBeNull();
      expect(existsSync(file)).toBe(false);
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  it('copes with a record that a crash cut short', async () => {
    const file = path.join(directory, 'half.json');
    writeFileSync(file, '{"pid": 12');
    expect(await endLeftover(file)).toBe(false);
  });
});
