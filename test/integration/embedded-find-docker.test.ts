import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findDockerEngine } from '../../embedded/find-docker.ts';

let home: string;
const servers: Server[] = [];

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'docker-auto-test-find-'));
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
  rmSync(home, { recursive: true, force: true });
});

/** Something that answers a ping as an engine does (or never, when `silent`). */
async function listenAt(socket: string, { silent = false } = {}): Promise<string> {
  mkdirSync(path.dirname(socket), { recursive: true });
  const server = createServer((request, response) => {
    if (!silent) response.writeHead(request.url === '/_ping' ? 200 : 404).end('OK');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return `unix://${socket}`;
}

function writeContext(name: string, host: string): void {
  const id = createHash('sha256').update(name).digest('hex');
  const folder = path.join(home, '.docker', 'contexts', 'meta', id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
  writeFileSync(path.join(home, '.docker', 'config.json'), JSON.stringify({ currentContext: name }));
}

describe('finding the Docker engine', () => {
  it('takes the one that DOCKER_HOST names', async () => {
    const dockerHost = await listenAt(path.join(home, 'named.sock'));
    await listenAt(path.join(home, '.docker', 'run', 'docker.sock'));
    const found = await findDockerEngine({ env: { DOCKER_HOST: dockerHost }, home });
    expect(found).toMatchObject({ kind: 'found', dockerHost, source: 'DOCKER_HOST' });
  });

  it('says that a named one is away and never takes another in its place', async () => {
    await listenAt(path.join(home, '.docker', 'run', 'docker.sock'));
    const found = await findDockerEngine({ env: { DOCKER_HOST: 'unix:///no/such.sock' }, home });
    expect(found).toMatchObject({ kind: 'unreachable', dockerHost: 'unix:///no/such.sock', source: 'DOCKER_HOST' });
    expect(found).toHaveProperty('reason', expect.stringContaining('ENOENT'));
  });

  it('gives a silent one two seconds', async () => {
    const dockerHost = await listenAt(path.join(home, 'silent.sock'), { silent: true });
    const startedAt = Date.now();
    const found = await findDockerEngine({ env: { DOCKER_HOST: dockerHost }, home });
    expect(found).toMatchObject({ kind: 'unreachable', reason: 'no answer within 2 s' });
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  });

  it('says that it does not speak ssh, and what to do instead', async () => {
    const found = await findDockerEngine({ env: { DOCKER_HOST: 'ssh://somebody@else' }, home });
    expect(found).toMatchObject({
      kind: 'unsupported',
      reason: expect.stringMatching(/ssh:\/\/ is not supported.*forward its socket.*run docker-auto on that machine/),
    });
  });

  it('takes the current context, or the one that DOCKER_CONTEXT names', async () => {
    const dockerHost = await listenAt(path.join(home, 'work.sock'));
    writeContext('away', 'unix:///no/such.sock');
    writeContext('work', dockerHost);
    const current = await findDockerEngine({ env: {}, home });
    expect(current).toMatchObject({ kind: 'found', dockerHost, source: 'context "work"' });
    const chosen = await findDockerEngine({ env: { DOCKER_CONTEXT: 'away' }, home });
    expect(chosen).toMatchObject({ kind: 'unreachable', source: 'context "away"' });
    const unknown = await findDockerEngine({ env: { DOCKER_CONTEXT: 'forgotten' }, home });
    expect(unknown).toMatchObject({
      kind: 'unsupported',
      source: expect.stringContaining('context "forgotten"'),
      reason: expect.stringContaining('can not be read'),
    });
  });

  it("looks at the rootless and Docker Desktop's sockets and tells of each that did not answer", async () => {
    const found = await findDockerEngine({ env: { XDG_RUNTIME_DIR: path.join(home, 'run') }, home });
    // A machine with an engine of its own answers at the first of the three.
    if (found.kind === 'none') {
      expect(found.tried.map(({ dockerHost }) => dockerHost)).toEqual([
        'unix:///var/run/docker.sock',
        `unix://${home}/run/docker.sock`,
        `unix://${home}/.docker/run/docker.sock`,
      ]);
      const dockerHost = await listenAt(path.join(home, '.docker', 'run', 'docker.sock'));
      expect(await findDockerEngine({ env: {}, home })).toMatchObject({ kind: 'found', dockerHost });
    } else {
      expect(found).toMatchObject({ kind: 'found', dockerHost: 'unix:///var/run/docker.sock' });
    }
  });
});
