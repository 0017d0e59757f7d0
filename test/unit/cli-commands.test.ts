import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../../cli/api-client/api-client.ts';
import { findLocalServer } from '../../cli/api-client/find-local-server.ts';
import { chooseUpdates } from '../../cli/commands/choose-updates.ts';
import { nothingToDo } from '../../cli/commands/once.ts';
import { planText } from '../../cli/commands/plan.ts';
import { updateToUndo } from '../../cli/commands/rollback.ts';
import { selectByName } from '../../cli/commands/select-containers.ts';
import { explainError } from '../../cli/explain-error.ts';
import { moveText } from '../../cli/output/outcome-table.ts';
import type { Container, Plan } from '../../contracts/api/containers.ts';
import type { Update } from '../../contracts/api/updates.ts';
import { freePort } from '../../embedded/free-port.ts';

function container(more: Partial<Container>): Container {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    host_id: 'local',
    name: 'web',
    image: 'nginx:1.25',
    tag: '1.25',
    engine_id: null,
    status: 'running',
    update_policy: 'auto',
    policy_origin: 'docker-auto.policy',
    current_digest: null,
    candidate: null,
    first_seen_at: null,
    outdated: more.verdict === 'outdated',
    verdict: 'up_to_date',
    verdict_reason: 'Because.',
    checked_at: null,
    ...more,
  };
}

describe('containers by name', () => {
  const known = ['web', 'database', 'mail'].map((name) => container({ name }));

  it('are found in the order named, each once', () => {
    const { found, unknown } = selectByName(['mail', 'web', 'mail'], known);
    expect(found.map(({ name }) => name)).toEqual(['mail', 'web']);
    expect(unknown).toEqual([]);
  });

  it('that are unknown get one line each, with the names that were probably meant', () => {
    expect(selectByName(['databse', 'nowhere'], known).unknown).toEqual([
      'There is no container "databse"; did you mean "database"?',
      'There is no container "nowhere"; docker-auto ps lists what there is.',
    ]);
  });
});

describe('what once does with a container', () => {
  const byPolicy = { names: [], all: false };
  const all = { names: [], all: true };
  const named = { names: ['web'], all: false };
  const stopped = { status: 'stopped' } as const;

  it.each<[string, Partial<Container>, { names: string[]; all: boolean }, object]>([
    ['outdated, policy auto', { verdict: 'outdated' }, byPolicy, { action: 'update', body: {} }],
    ['outdated, policy manual', { verdict: 'outdated', update_policy: 'manual' }, byPolicy, { outcome: 'left alone' }],
    ['the same with --all', { verdict: 'outdated', update_policy: 'manual' }, all, { action: 'update' }],
    ['the same by name', { verdict: 'outdated', update_policy: 'manual' }, named, { action: 'update' }],
    ['policy ignore with --all', { verdict: 'outdated', update_policy: 'ignore' }, all, { outcome: 'left alone' }],
    ['policy ignore by name', { verdict: 'outdated', update_policy: 'ignore' }, named, { action: 'update' }],
    [
      'a part of ours',
      { verdict: 'outdated', update_policy: 'protected' },
      all,
      { outcome: 'protected', failed: false },
    ],
    ['the same by name', { verdict: 'outdated', update_policy: 'protected' }, named, { failed: true }],
    ['outdated but stopped', { verdict: 'outdated', ...stopped }, all, { outcome: 'left alone' }],
    ['stopped by name', { verdict: 'outdated', ...stopped }, named, { action: 'update', body: { force: true } }],
    ['up to date', { verdict: 'up_to_date' }, all, { outcome: 'up_to_date', failed: false }],
    ['quarantined by name', { verdict: 'quarantined' }, named, { outcome: 'quarantined', failed: false }],
    ['a check that failed', { verdict: 'error' }, byPolicy, { outcome: 'check failed', failed: true }],
    ['the same, not asked for', { verdict: 'error', update_policy: 'manual' }, byPolicy, { failed: false }],
  ])('that is %s', (_what, more, request, expected) => {
    expect(chooseUpdates([container(more)], request)).toMatchObject([expected]);
  });

  it('says how to force what is quarantined', () => {
    const [choice] = chooseUpdates([container({ verdict: 'quarantined' })], byPolicy);
    expect(choice).toMatchObject({ why: expect.stringMatching(/^Because\..*docker-auto update web --force$/) });
  });

  it('says how to ask for more when policy asks for nothing', () => {
    const choices = chooseUpdates([container({ verdict: 'outdated', update_policy: 'manual' })], byPolicy);
    expect(nothingToDo(choices)).toMatch(/1 outdated.*once NAME.*--all.*docker-auto\.policy=auto/);
    expect(nothingToDo(chooseUpdates([container({})], byPolicy))).toBe('Nothing to update.');
    expect(nothingToDo([])).toBe('There are no containers.');
  });
});

describe('the update that a rollback by name undoes', () => {
  const entry = (id: string, more: Partial<Update> = {}) =>
    ({ id, status: 'success', rollback_of: null, ...more }) as unknown as Update;

  it('is the latest that succeeded and was not undone yet', () => {
    expect(updateToUndo([entry('3', { status: 'rollback' }), entry('2'), entry('1')])?.id).toBe('2');
    expect(updateToUndo([entry('3', { rollback_of: '2' }), entry('2'), entry('1')])?.id).toBe('1');
    const failedUndoing = entry('3', { rollback_of: '2', status: 'failed' });
    expect(updateToUndo([failedUndoing, entry('2')])?.id).toBe('2');
    expect(updateToUndo([entry('1', { status: 'up_to_date' })])).toBeNull();
  });
});

describe('a move', () => {
  const old = { reference: 'nginx:1.25', digest: `sha256:${'a'.repeat(64)}` };
  const next = { reference: 'nginx:1.25', digest: `sha256:${'b'.repeat(64)}` };

  it('names the reference once where only the digest is another', () => {
    expect(moveText({ from: old, to: next })).toBe('nginx:1.25@aaaaaaaaaaaa → bbbbbbbbbbbb');
    expect(moveText({ from: old, to: { ...next, reference: 'nginx:1.26' } })).toBe(
      'nginx:1.25@aaaaaaaaaaaa → nginx:1.26@bbbbbbbbbbbb',
    );
    expect(moveText({ from: old, to: old })).toBe('nginx:1.25@aaaaaaaaaaaa');
    expect(moveText({ from: old, to: null })).toBe('nginx:1.25@aaaaaaaaaaaa');
    expect(moveText({ from: null, to: null })).toBe('-');
  });
});

describe('a plan for people', () => {
  const version = { reference: 'nginx:1.25', digest: null, image_id: null };
  const planned: Plan = {
    container_name: 'web',
    would_update: true,
    reason: 'The registry has another digest.',
    current: version,
    candidate: { ...version, reference: 'nginx:1.26' },
    steps: [{ step: 'pull', action: 'pull nginx:1.26', cause: 'it is not here yet' }],
    differences: [{ path: 'Config.Env.PATH', before: '/bin', after: null, cause: 'default of the image' }],
    warnings: ['/etc/motd was changed in the container and would be lost'],
  };

  it('tells steps with causes, differences and warnings', () => {
    const text = planText(planned, undefined);
    expect(text).toContain('web: nginx:1.25 → nginx:1.26\nThe registry has another digest.');
    expect(text).toMatch(/pull +pull nginx:1\.26 +it is not here yet/);
    expect(text).toMatch(/Config\.Env\.PATH +\/bin +- +default of the image/);
    expect(text).toContain('Warning: /etc/motd was changed');
  });

  it('says only why when nothing would be done', () => {
    const nothing = { ...planned, would_update: false, candidate: null, steps: [], differences: [], warnings: [] };
    expect(planText(nothing, undefined)).toBe('web\nThe registry has another digest.');
  });
});

describe('the API client', () => {
  let server: Server | null = null;

  async function answering(status: number, body: string): Promise<ApiClient> {
    const started = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    server = started;
    return new ApiClient({ url: `http://127.0.0.1:${(started.address() as AddressInfo).port}`, token: 't' });
  }

  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server === null ? resolve() : server.close(() => resolve())));
    server = null;
  });

  const envelope = (code: number, message: string, data: unknown) =>
    JSON.stringify({ code, message, data, timestamp: '2026-11-21T12:00:00.000Z' });
  const ID = '00000000-0000-4000-8000-000000000001';

  it('joins the running update when a second one is refused for it', async () => {
    const running = { update_id: ID, workflow_id: 'update:local:web' };
    const api = await answering(409, envelope(409, 'An update is running.', running));
    expect(await api.startUpdate(ID, {})).toEqual({ updateId: ID, joined: true });
  });

  it('passes the sentence of a refusal on, with the fields that were wrong', async () => {
    const data = { errors: [{ path: 'body.soak', message: 'too big' }] };
    const api = await answering(400, envelope(400, 'The request is malformed.', data));
    await expect(api.startUpdate(ID, {})).rejects.toThrow('The request is malformed.; body.soak: too big');
  });

  it.each([
    ['says that a token is wrong', 401, envelope(401, 'no', null), /refused the token.*--token/],
    ['does not take another server for the API', 200, '<html>', /is no Docker-Auto API \(status 200/],
    ['names what it does not understand', 200, envelope(200, 'success', { items: 1 }), /unexpected items/],
  ])('%s', async (_what, status, body, message) => {
    const api = await answering(status, body);
    const error = await api.containers().catch((caught: unknown) => caught);
    expect(explainError(error, false)).toMatch(message);
    expect(explainError(error, false)).not.toContain('\n');
  });

  it('says in one line that nobody answers', async () => {
    const port = await freePort();
    const api = new ApiClient({ url: `http://127.0.0.1:${port}`, token: 't' });
    await expect(api.containers()).rejects.toThrow(
      `The API at http://127.0.0.1:${port} can't be reached: connect ECONNREFUSED 127.0.0.1:${port}.`,
    );
  });
});

describe('the local server', () => {
  const folders: string[] = [];

  async function dataDirectory(announcement?: string): Promise<string> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-'));
    folders.push(folder);
    await mkdir(path.join(folder, 'run'));
    if (announcement !== undefined) await writeFile(path.join(folder, 'run', 'api.json'), announcement);
    return folder;
  }

  afterEach(async () => {
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });

  it('counts only when it answers, since a killed one leaves its announcement behind', async () => {
    const dead = JSON.stringify({ url: `http://127.0.0.1:${await freePort()}`, token: 't', pid: 1 });
    expect(await findLocalServer(await dataDirectory(dead))).toBeNull();
    const listening = createServer((_request, response) => response.end('{}'));
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
    const found = await findLocalServer(await dataDirectory(JSON.stringify({ url, token: 't', pid: 1 })));
    listening.closeAllConnections();
    await new Promise<void>((resolve) => listening.close(() => resolve()));
    expect(found).toEqual({ url, token: 't' });
  });

  it('is none where there is no announcement, or a broken one', async () => {
    expect(await findLocalServer(await dataDirectory())).toBeNull();
    expect(await findLocalServer(await dataDirectory('{"url":'))).toBeNull();
    expect(await findLocalServer(await dataDirectory('{"url":"http://127.0.0.1:1"}'))).toBeNull();
    expect(await findLocalServer('/nowhere/at/all')).toBeNull();
  });
});
