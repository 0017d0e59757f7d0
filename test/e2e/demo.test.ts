import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Docker from 'dockerode';
import { sandboxLayout } from '../../embedded/sandbox-layout.ts';
import { endCommands, linesOf, startCommand } from './command-line.ts';
import { NO_TRACES, tracesOf } from './traces.ts';

let directory: string;
let temporary: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-demo-'));
  temporary = await mkdtemp(path.join(directory, 'tmp-'));
});

afterAll(async () => {
  await endCommands();
  await rm(directory, { recursive: true, force: true });
});

describe('docker-auto demo', () => {
  it('updates the sample stack, finds every outcome as expected, and leaves nothing behind', async () => {
    // An engine that would be managed by other commands; the demonstration must not even look at it.
    const surroundings = { dataDirectory: path.join(directory, 'home'), dockerHost: 'unix:///nonexistent.sock' };
    const demo = startCommand({ ...surroundings, env: { TMPDIR: temporary } }, 'demo');
    await demo.until(/Updating them/);
    const [world = ''] = await readdir(temporary);
    const { places, marks } = await namesOf(path.join(temporary, world));
    const during = tracesOf(marks, places);
    const ended = await demo.ended;

    expect(ended).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Every outcome is the expected one.') });
    const table = ended.stdout.slice(ended.stdout.indexOf('CONTAINER '));
    const outcomes = linesOf(table).flatMap(
      (line) => /^(shop-\w+) .* (success|rollback) /.exec(line)?.slice(1, 3).join(' ') ?? [],
    );
    expect(outcomes).toEqual(['shop-web success', 'shop-api success', 'shop-mail rollback', 'shop-jobs rollback']);
    // That nothing is found afterwards says something only because it was found before.
    expect(during.processes.length).toBeGreaterThan(6);
    expect(during.mounts.length).toBeGreaterThan(0);
    expect(during.links.length).toBeGreaterThan(2);
    expect(during.folders).toEqual(places);
    expect(tracesOf([temporary, ...marks], places)).toEqual(NO_TRACES);
    expect(await readdir(temporary)).toEqual([]);
  });
});

/** What the demonstration's sandbox is called on this machine. */
async function namesOf(world: string): Promise<{ marks: string[]; places: string[] }> {
  const layout = sandboxLayout(path.join(world, 'sandbox'));
  const networks = await new Docker({ socketPath: layout.dockerSocket }).listNetworks();
  const bridges = networks.filter(({ Driver }) => Driver === 'bridge').map(({ Id }) => `br-${Id.slice(0, 12)}`);
  const cgroups = ['/sys/fs/cgroup', '/sys/fs/cgroup/memory'].map((root) => path.join(root, layout.cgroup));
  return {
    marks: [world, layout.runDirectory, layout.cgroup, layout.bridge, ...bridges],
    places: [world, layout.runDirectory, ...cgroups.filter((folder) => existsSync(folder))],
  };
}
