import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataDirectoryLocked, isDataDirectoryLocked, openDataDirectory } from '../../embedded/data-directory.ts';

const MODULE = new URL('../../embedded/data-directory.ts', import.meta.url).href;

let parent: string;
let directory: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'docker-auto-test-lock-'));
  directory = path.join(parent, 'deep', 'data');
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(parent, { recursive: true, force: true });
});

/** Another program that holds the directory and says so. */
async function startHolder(): Promise<ChildProcess> {
  const script = `
    const { openDataDirectory } = await import(${JSON.stringify(MODULE)});
    await openDataDirectory(${JSON.stringify(directory)});
    console.log('held');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let warnings = '';
  child.stderr?.on('data', (chunk) => {
    warnings += String(chunk);
  });
  await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'exit')]);
  expect(warnings).toBe('');
  return child;
}

describe('the data directory', () => {
  it('is made for its owner alone', async () => {
    const held = await openDataDirectory(directory);
    expect(held.path).toBe(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    held.release();
  });

  it('refuses a second program, naming the directory, the holder and what to do', async () => {
    const holder = await startHolder();
    const refusal = await openDataDirectory(directory).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DataDirectoryLocked);
    expect(String(refusal)).toContain(directory);
    expect(String(refusal)).toContain(`process ${holder.pid}`);
    expect(String(refusal)).toMatch(/stop that program.*--data-dir/);
    expect(isDataDirectoryLocked(directory)).toBe(true);
  });

  it('is free again the moment its holder was killed', async () => {
    const holder = await startHolder();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(isDataDirectoryLocked(directory)).toBe(false);
    const held = await openDataDirectory(directory);
    held.release();
  });

  it('is held once within one program too, and free after its release', async () => {
    const held = await openDataDirectory(directory);
    await expect(openDataDirectory(directory)).rejects.toBeInstanceOf(DataDirectoryLocked);
    held.release();
    held.release();
    (await openDataDirectory(directory)).release();
    expect(isDataDirectoryLocked(directory)).toBe(false);
  });

  it('that is not there is not locked, and asking does not make it', () => {
    expect(isDataDirectoryLocked(directory)).toBe(false);
    expect(statSync(directory, { throwIfNoEntry: false })).toBeUndefined();
  });
});
