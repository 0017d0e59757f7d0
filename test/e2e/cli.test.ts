import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { snapshotEngine } from '../rig/engine-snapshot.ts';
import { pageAt } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';
import {
  endCommands,
  linesOf,
  type RunningCommand,
  runCommand,
  type Surroundings,
  startCommand,
} from './command-line.ts';
import { CRASHES, runOutdated, runWeb } from './web-container.ts';

let sandbox: Sandbox;
let directory: string;
let surroundings: Surroundings;
let server: RunningCommand;
let webPort: number;
let badPort: number;

const run = (...args: string[]) => runCommand(surroundings, ...args);
/** The row of a table that begins with the name. */
const rowOf = (table: string, name: string) => linesOf(table).find((line) => line.startsWith(`${name} `)) ?? '';

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-cli-'));
  sandbox = await startSandbox('cli-engine');
  webPort = await runOutdated(sandbox, 'web');
  badPort = await runOutdated(sandbox, 'bad', { extra: CRASHES });
  await runOutdated(sandbox, 'other');
  await runWeb(sandbox, 'same');
  surroundings = {
    dataDirectory: path.join(directory, 'data'),
    dockerHost: sandbox.dockerHost,
    env: { UPDATE_SOAK_SECONDS: '1' },
  };
  server = startCommand(surroundings, 'serve');
  await server.until(/Serving/);
});

afterAll(async () => {
  await endCommands();
  await sandbox?.destroy();
  await rm(directory, { recursive: true, force: true });
});

describe('serve', () => {
  it('says where it listens, how many containers there are and how many are outdated', () => {
    expect(server.output()).toMatch(/listens on http:\/\/127\.0\.0\.1:\d+/);
    expect(server.output()).toContain(`4 containers at ${sandbox.dockerHost}, 3 outdated.`);
    expect(server.output()).toContain('Serving; Ctrl-C stops it.');
  });
});

describe('what only looks', () => {
  it('ps lists every container with its image, state, policy and verdict', async () => {
    const { exitCode, stdout, stderr } = await run('ps');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(linesOf(stdout)).toHaveLength(5);
    expect(rowOf(stdout, 'web')).toMatch(new RegExp(`${sandbox.registryHost}/web:stable +running +manual +outdated`));
    expect(rowOf(stdout, 'same')).toMatch(/up_to_date/);
  });

  it('check asks the registry about all or the named ones', async () => {
    const all = await run('check');
    expect(all).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('3 of 4 outdated.') });
    const some = await run('check', 'same', 'web');
    expect(some).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 of 2 outdated.') });
  });

  it('plan tells steps with their causes and the image default that changes, and changes nothing', async () => {
    const before = await snapshotEngine(sandbox.docker);

    const { exitCode, stdout } = await run('plan', 'web');

    expect(exitCode).toBe(0);
    expect(linesOf(stdout)[0]).toMatch(/^web: .*web:stable@[0-9a-f]{12} → .*[0-9a-f]{12}$/);
    const steps = [
      'inspect',
      'check',
      'gate',
      'backup',
      'pull',
      'create',
      'stop',
      'start',
      'health',
      'commit',
      'notify',
    ];
    for (const step of steps) expect(rowOf(stdout, step)).toMatch(/^\w+ {2,}\S.*? {2,}\S/);
    expect(stdout).toMatch(/APP_VERSION.* v1 +(APP_VERSION=)?v2 .*image/);
    expect(await snapshotEngine(sandbox.docker)).toEqual(before);
  });

  it('once without names, where no policy asks for anything, changes nothing and says how to ask', async () => {
    const before = await snapshotEngine(sandbox.docker);

    const { exitCode, stdout, stderr } = await run('once');

    expect(exitCode).toBe(0);
    expect(stderr).toContain('Nothing to update by policy; 3 outdated. Ask with docker-auto once NAME or --all');
    expect(stderr).toContain('docker-auto.policy=auto');
    expect(rowOf(stdout, 'web')).toMatch(/left alone .*its policy is manual/);
    expect(await snapshotEngine(sandbox.docker)).toEqual(before);
  });

  it('doctor finds everything in place, and the server that runs', async () => {
    const { exitCode, stdout } = await run('doctor');
    expect(exitCode).toBe(0);
    expect(rowOf(stdout, 'Docker engine')).toContain(sandbox.dockerHost);
    expect(rowOf(stdout, 'Data directory')).toMatch(/in use by the server at http/);
    expect(stdout).not.toContain('missing');
  });

  it('doctor ends with 1 when something is missing, and says how to mend it', async () => {
    const { exitCode, stdout } = await runCommand(
      { ...surroundings, dockerHost: 'unix:///nonexistent.sock' },
      'doctor',
    );
    expect(exitCode).toBe(1);
    expect(rowOf(stdout, 'Docker engine')).toMatch(/missing .*nonexistent\.sock.*To mend: .*DOCKER_HOST/);
  });

  it('config tells where each value came from and shows no secret', async () => {
    const secrets = {
      API_TOKEN: 'a-token-nobody-may-see',
      DATABASE_URL: 'postgresql://shop:open-sesame@db.example/shop',
      NOTIFY_WEBHOOK_URL: 'https://hooks.example/very-private-path',
    };
    const { exitCode, stdout } = await runCommand({ ...surroundings, env: secrets }, '--port', '0', 'config');
    expect(exitCode).toBe(0);
    expect(rowOf(stdout, 'PORT')).toMatch(/0 +command line/);
    expect(rowOf(stdout, 'API_TOKEN')).toMatch(/\*{8} +environment/);
    expect(rowOf(stdout, 'KEEP_IMAGES')).toBe('');
    expect(rowOf(stdout, 'UPDATE_KEEP_IMAGES')).toMatch(/1 +default/);
    expect(stdout).not.toMatch(/nobody-may-see|open-sesame|very-private/);
  });
});

describe('update', () => {
  it('refuses names that no container has, each in a line of its own, and starts nothing', async () => {
    const { exitCode, stdout, stderr } = await run('update', 'nope', 'wbe', 'web');

    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(linesOf(stderr)).toEqual([
      'There is no container "nope"; docker-auto ps lists what there is.',
      'There is no container "wbe"; did you mean "web"?',
    ]);
    expect((await run('history')).stdout.trim()).toBe('There are no updates yet.');
    expect(await pageAt(webPort)).toBe('v1');
  });

  it('refuses a target that is no tag, in a line that names it', async () => {
    const { exitCode, stderr } = await run('update', 'web', '--target', 'not a tag');
    expect(exitCode).toBe(1);
    expect(linesOf(stderr)).toHaveLength(1);
    expect(stderr).toMatch(/target.*tag such as/);
  });

  it('shows one line per step where there is no terminal, then the outcome, and ends with 0', async () => {
    const { exitCode, stdout } = await run('update', 'web', '--wait');

    expect(exitCode).toBe(0);
    const steps = linesOf(stdout).flatMap((line) => /^\d\d:\d\d:\d\d web +(\w+) +done\b/.exec(line)?.[1] ?? []);
    const inOrder = ['inspect', 'check', 'gate', 'create', 'stop', 'start', 'health', 'commit', 'notify'];
    expect(steps.filter((step) => step !== 'backup' && step !== 'pull')).toEqual(inOrder);
    expect([...steps].sort()).toEqual(['backup', 'pull', ...inOrder].sort());
    expect(stdout).not.toContain(String.fromCharCode(27));
    expect(rowOf(stdout, 'web')).toMatch(/web:stable@[0-9a-f]{12} → [0-9a-f]{12} +success/);
    expect(await pageAt(webPort)).toBe('v2');
  });

  it('of a container that is up to date ends with 0 and does nothing', async () => {
    const { exitCode, stdout } = await run('update', 'web', '--wait');
    expect(exitCode).toBe(0);
    expect(rowOf(stdout, 'web')).toMatch(/up to date/);
  });

  it('of a new version that does not work ends with 2, the old one serving, and says why', async () => {
    const { exitCode, stdout } = await run('update', 'bad', '--wait');
    expect(exitCode).toBe(2);
    expect(rowOf(stdout, 'bad')).toMatch(/rollback .*(exit|restart).*The old one serves again/);
    expect(await pageAt(badPort)).toBe('v1');
  });
});

describe('once', () => {
  it('updates the containers whose label asks for it, and only those', async () => {
    const port = await runOutdated(sandbox, 'labelled', { labels: { 'docker-auto.policy': 'auto' } });

    const { exitCode, stdout } = await run('once');

    expect(exitCode).toBe(0);
    expect(rowOf(stdout, 'labelled')).toMatch(/ success /);
    expect(rowOf(stdout, 'other')).toMatch(/left alone .*its policy is manual/);
    expect(await pageAt(port)).toBe('v2');
  });

  it('with --all updates the rest, leaves the quarantined one alone and says why', async () => {
    const before = await sandbox.docker.getContainer('bad').inspect();

    const { exitCode, stdout } = await run('once', '--all');

    expect(exitCode).toBe(0);
    expect(rowOf(stdout, 'other')).toMatch(/ success /);
    expect(rowOf(stdout, 'bad')).toMatch(/quarantined .*docker-auto update bad --force/);
    const after = await sandbox.docker.getContainer('bad').inspect();
    expect([after.Id, after.State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
  });
});

describe('what was done', () => {
  it('is listed by history, of all or of one, the newest first', async () => {
    const all = await run('history');
    expect(all.exitCode).toBe(0);
    const outcomes = linesOf(all.stdout)
      .slice(1)
      .map((line) => line.split(/ {2,}/).slice(1, 4))
      .map(([name, , outcome]) => `${name} ${outcome}`);
    expect(outcomes).toEqual(['other success', 'labelled success', 'bad rollback', 'web up_to_date', 'web success']);
    expect(linesOf((await run('history', 'bad')).stdout)).toHaveLength(2);
  });

  it('is undone by rollback', async () => {
    const { exitCode, stdout } = await run('rollback', 'web', '--wait');
    expect(exitCode).toBe(0);
    expect(rowOf(stdout, 'web')).toMatch(/ success /);
    expect(await pageAt(webPort)).toBe('v1');
  });

  it('can not be undone twice by name', async () => {
    const { exitCode, stderr } = await run('rollback', 'web');
    expect(exitCode).toBe(1);
    expect(linesOf(stderr)).toEqual([
      expect.stringMatching(/no update of web to go back from; docker-auto history web/),
    ]);
  });
});

describe('with --json', () => {
  const commands = [
    'ps',
    'check',
    'plan web',
    'history',
    'doctor',
    'config',
    'once',
    'update same --wait',
    'update same',
  ];

  it.each(commands)('%s prints one JSON document and nothing else on standard output', async (command) => {
    const { exitCode, stdout } = await run(...command.split(' '), '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(expect.any(Object));
  });

  it('a refusal leaves standard output empty', async () => {
    expect(await run('update', 'nope', '--json')).toMatchObject({ exitCode: 1, stdout: '' });
  });
});

describe('a wrong token for a server', () => {
  it('is told in one line that does not hold it', async () => {
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(server.output()) ?? [];
    const { exitCode, stderr } = await run('ps', '--url', url, '--token', 'the-wrong-token');
    expect(exitCode).toBe(1);
    expect(linesOf(stderr)).toEqual(['The API refused the token; give the right one with --token or API_TOKEN.']);
  });
});
