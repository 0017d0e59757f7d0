import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { namesAround, pageAt } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';
import { endCommands, linesOf, runCommand, type Surroundings, startCommand } from './command-line.ts';
import { NO_TRACES, tracesOf } from './traces.ts';
import { CRASHES, runOutdated, runWeb } from './web-container.ts';

let sandbox: Sandbox;
let directory: string;
let surroundings: Surroundings;
let webPort: number;

const rowOf = (table: string, name: string) => linesOf(table).find((line) => line.startsWith(`${name} `)) ?? '';

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-once-'));
  sandbox = await startSandbox('once-engine');
  webPort = await runOutdated(sandbox, 'web');
  surroundings = {
    dataDirectory: path.join(directory, 'data'),
    dockerHost: sandbox.dockerHost,
    env: { UPDATE_SOAK_SECONDS: '1' },
  };
});

afterAll(async () => {
  await endCommands();
  await sandbox?.destroy();
  await rm(directory, { recursive: true, force: true });
});

describe('once, where no server runs,', () => {
  it('starts what it needs, updates, ends with 0 and leaves nothing running', async () => {
    const { exitCode, stdout, stderr } = await runCommand(surroundings, 'once', '--all');

    // Not even that the new database got its tables.
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(rowOf(stdout, 'web')).toMatch(/ success /);
    expect(await pageAt(webPort)).toBe('v2');
    expect(tracesOf([surroundings.dataDirectory])).toEqual(NO_TRACES);
  });

  it('ends with 2 when a new version was taken back', async () => {
    const port = await runOutdated(sandbox, 'bad', { extra: CRASHES });

    const { exitCode, stdout, stderr } = await runCommand(surroundings, 'once', '--all');

    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' });
    expect(rowOf(stdout, 'bad')).toMatch(/rollback .*The old one serves again/);
    expect(rowOf(stdout, 'web')).toMatch(/up to date/);
    expect(await pageAt(port)).toBe('v1');
    expect(tracesOf([surroundings.dataDirectory])).toEqual(NO_TRACES);
  });

  it('ends with 1 when the registry has the tag no longer, and updates the others nevertheless', async () => {
    await runWeb(sandbox, 'gone');
    await removeTag(sandbox, 'gone');
    const port = await runOutdated(sandbox, 'fine');

    const { exitCode, stdout, stderr } = await runCommand(surroundings, 'once', '--all', '--json');

    expect({ exitCode, log: stderr.includes('temporal:') }).toEqual({ exitCode: 1, log: false });
    const { exit_code, containers } = JSON.parse(stdout) as {
      exit_code: number;
      containers: Array<{ container: string }>;
    };
    expect(exit_code).toBe(1);
    expect(containers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          container: 'gone',
          outcome: 'check failed',
          why: expect.stringContaining(`${sandbox.registryHost}/gone has no tag stable`),
        }),
        expect.objectContaining({ container: 'fine', outcome: 'success' }),
        expect.objectContaining({ container: 'bad', outcome: 'quarantined' }),
      ]),
    );
    expect(await pageAt(port)).toBe('v2');
    expect(await namesAround(sandbox.docker, 'gone')).toEqual(['gone']);
    await sandbox.docker.getContainer('gone').remove({ force: true });
  });

  it('says in one line that the engine is away, and ends with 1', async () => {
    const began = performance.now();

    const { exitCode, stdout, stderr } = await runCommand(
      { ...surroundings, dockerHost: 'unix:///nonexistent.sock' },
      'once',
      '--all',
    );

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(linesOf(stderr)).toEqual([
      expect.stringMatching(
        /engine at unix:\/\/\/nonexistent\.sock \(DOCKER_HOST\) is not reachable: .*correct what DOCKER_HOST says/,
      ),
    ]);
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(tracesOf([surroundings.dataDirectory])).toEqual(NO_TRACES);
  });

  it('tells the history although the engine is away', async () => {
    const { exitCode, stdout } = await runCommand(
      { ...surroundings, dockerHost: 'unix:///nonexistent.sock' },
      'history',
      '--json',
    );
    expect(exitCode).toBe(0);
    const outcomes = (JSON.parse(stdout) as Array<{ container_name: string; status: string }>).map(
      ({ container_name, status }) => `${container_name} ${status}`,
    );
    expect(outcomes).toEqual(['fine success', 'bad rollback', 'web success']);
  });
});

describe('once, where a server runs on the data directory,', () => {
  it('uses that server, which goes on serving', async () => {
    const server = startCommand(surroundings, 'serve');
    await server.until(/Serving/);
    const port = await runOutdated(sandbox, 'late');

    const { exitCode, stdout, stderr } = await runCommand(surroundings, 'once', 'late');

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(rowOf(stdout, 'late')).toMatch(/ success /);
    expect(await pageAt(port)).toBe('v2');
    const second = await runCommand(surroundings, 'serve');
    expect(second.exitCode).toBe(1);
    expect(linesOf(second.stderr)).toEqual([
      expect.stringMatching(/is in use by process \d+ .*--data-dir or DATA_DIR/),
    ]);
    expect((await runCommand(surroundings, 'ps')).exitCode).toBe(0);
    server.signal('SIGTERM');
    expect((await server.ended).exitCode).toBe(0);
  });
});

async function removeTag({ registryHost }: Sandbox, name: string): Promise<void> {
  const manifests = `http://${registryHost}/v2/${name}/manifests`;
  const accept = 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json';
  const head = await fetch(`${manifests}/stable`, { method: 'HEAD', headers: { accept } });
  const removed = await fetch(`${manifests}/${head.headers.get('docker-content-digest')}`, { method: 'DELETE' });
  expect(removed.status).toBe(202);
}
