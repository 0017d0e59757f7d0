import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { holdServices, releaseLeftHold } from '../../embedded/service-hold.ts';

let directory: string;
let policyFile: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'docker-auto-test-hold-'));
  policyFile = path.join(directory, 'policy-rc.d');
});

afterEach(async () => {
  for (const child of children.splice(0)) await killed(child);
  rmSync(directory, { recursive: true, force: true });
});

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** A process that holds the services and never lets go. */
async function holder(): Promise<ChildProcess> {
  const module = fileURLToPath(new URL('../../embedded/service-hold.ts', import.meta.url));
  const script = `const { holdServices } = await import(${JSON.stringify(module)});
    holdServices(${JSON.stringify(policyFile)}); console.log('held'); setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

/** A process with that environment, as an installation is that outlives the program that began it. */
async function orphan(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn('sh', ['-c', 'echo ready; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

describe('the policy that keeps package scripts from starting services', () => {
  it('forbids every start, and is gone when the installation is over', () => {
    const hold = holdServices(policyFile);
    expect(readFileSync(policyFile, 'utf8')).toMatch(/^#!\/bin\/sh\n#.*\nexit 101\n$/);
    expect(statSync(policyFile).mode & 0o777).toBe(0o755);
    hold.release();
    expect(existsSync(policyFile)).toBe(false);
  });

  it('is left as it is where the owner of the machine has one', () => {
    writeFileSync(policyFile, '#!/bin/sh\nexit 101\n');
    holdServices(policyFile).release();
    expect(releaseLeftHold(policyFile)).toBe(false);
    expect(existsSync(policyFile)).toBe(true);
  });

  it('is removed by the next start when the program that put it there was killed, not before', async () => {
    const program = await holder();
    expect(releaseLeftHold(policyFile)).toBe(false);
    await killed(program);
    expect(releaseLeftHold(policyFile)).toBe(true);
    expect(existsSync(policyFile)).toBe(false);
    expect(releaseLeftHold(policyFile)).toBe(false);
  });

  it('stays while the installation goes on that a killed program began', async () => {
    const program = await holder();
    const [, hold = ''] = /hold (\S+)/.exec(readFileSync(policyFile, 'utf8')) ?? [];
    const installation = await orphan({ DOCKER_AUTO_SERVICE_HOLD: hold });
    await killed(program);
    expect(releaseLeftHold(policyFile)).toBe(false);
    await killed(installation);
    expect(releaseLeftHold(policyFile)).toBe(true);
  });
});
