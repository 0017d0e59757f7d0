import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createRegistryClient, type RegistryClient } from '../../activities/registry/registry-client.ts';
import { type FaultServer, startFaultServer } from './registry-fault-server.ts';
import { sha256 } from './registry-under-test.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const BODY = JSON.stringify({ schemaVersion: 2, manifests: [] });
const INDEX = 'application/vnd.oci.image.index.v1+json';
const LOGIN = { username: 'bob', password: 'geheim', identityToken: null, source: 'a test' };

let servers: FaultServer[] = [];
let clients: RegistryClient[] = [];
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  clients = [];
});

async function faulty(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<FaultServer> {
  const server = await startFaultServer(answer);
  servers.push(server);
  return server;
}

function client(): RegistryClient {
  const created = createRegistryClient({
    credentials: { credentialsFor: async () => LOGIN },
    now: () => NOW,
    timeouts: { connectMs: 1_000, headersMs: 1_000, totalMs: 2_500 },
  });
  clients.push(created);
  return created;
}

const web = ({ host }: FaultServer, digest: string | null = null) => ({
  registry: host,
  repository: 'web',
  tag: '1',
  digest,
});

describe('a registry that limits', () => {
  it.each([
    ['in seconds', '37', 37_000],
    ['as a date', 'Sat, 21 Nov 2026 12:01:30 GMT', 90_000],
    ['as a date that has passed', 'Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['in no form that can be read', 'soon', undefined],
  ])('has its Retry-After %s obeyed', async (_form, header, expected) => {
    const server = await faulty((_request, response) => response.writeHead(429, { 'retry-after': header }).end());
    await expect(client().headManifest(web(server))).rejects.toMatchObject({
      type: 'RegistryRateLimited',
      retryAfterMs: expected,
    });
  });
});

describe('a registry that fails', () => {
  it.each([500, 502, 503, 504])('is unavailable at HTTP %i', async (status) => {
    const server = await faulty((_request, response) => response.writeHead(status).end('<html>oops</html>'));
    await expect(client().headManifest(web(server))).rejects.toMatchObject({
      type: 'RegistryUnavailable',
      message: expect.stringContaining(`at ${server.host} answered HTTP ${status}`),
    });
  });

  it('is unavailable when it closes the connection without an answer, after one repetition', async () => {
    const server = await faulty((request) => request.socket.destroy());
    await expect(client().headManifest(web(server))).rejects.toMatchObject({
      type: 'RegistryUnavailable',
      message: expect.stringContaining('closed the connection'),
    });
    expect(server.requests).toHaveLength(2);
  });

  it('is unavailable when it never answers', async () => {
    const server = await faulty(() => undefined);
    await expect(client().headManifest(web(server))).rejects.toMatchObject({
      type: 'RegistryUnavailable',
      message: expect.stringContaining('did not answer in time'),
    });
  });

  it('is unavailable when its answer breaks off or drips without end', async () => {
    const broken = await faulty((_request, response) => {
      response.writeHead(200, { 'content-type': INDEX, 'content-length': '1000' });
      response.write('{"half":', () => response.socket?.destroy());
    });
    await expect(client().getManifest(web(broken))).rejects.toMatchObject({
      type: 'RegistryUnavailable',
      message: expect.stringContaining('before its answer was whole'),
    });
    const dripping = await faulty((request, response) => {
      response.writeHead(200, { 'content-type': INDEX });
      const drip = setInterval(() => response.write(' '), 100);
      request.socket.on('close', () => clearInterval(drip));
    });
    await expect(client().getManifest(web(dripping))).rejects.toMatchObject({
      type: 'RegistryUnavailable',
      message: expect.stringContaining('in time'),
    });
  });

  it('is not believed when a body is not what its digest says', async () => {
    const server = await faulty((_request, response) =>
      response.writeHead(200, { 'content-type': INDEX, 'docker-content-digest': sha256('other') }).end(BODY),
    );
    await expect(client().getManifest(web(server))).rejects.toMatchObject({
      type: 'RegistryUnavailable',
      message: expect.stringContaining(sha256('other')),
    });
    await expect(client().getManifest(web(server, sha256('third')))).rejects.toMatchObject({
      message: expect.stringContaining(sha256('third')),
    });
  });

  it('is cut off when a body has no end', async () => {
    let sent = 0;
    const server = await faulty((_request, response) => {
      response.writeHead(200, { 'content-type': INDEX });
      const chunk = Buffer.alloc(256 * 1024, 0x20);
      const more = (): void => {
        while (!response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
      };
      more();
    });
    await expect(client().getManifest(web(server))).rejects.toMatchObject({
      type: 'RegistryUnavailable',
      message: expect.stringContaining('longer than'),
    });
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('a registry with manners of its own', () => {
  it('may say that it knows no such repository', async () => {
    const body = JSON.stringify({ errors: [{ code: 'NAME_UNKNOWN', message: 'repository name not known' }] });
    const server = await faulty((_request, response) => response.writeHead(404).end(body));
    await expect(client().getManifest(web(server))).rejects.toMatchObject({
      type: 'ManifestNotFound',
      message: expect.stringContaining(`knows no repository ${server.host}/web`),
    });
  });

  it('is asked with GET, and the body hashed, when HEAD tells no digest', async () => {
    const server = await faulty((_request, response) =>
      response.writeHead(200, { 'content-type': `${INDEX}; charset=utf-8` }).end(BODY),
    );
    expect(await client().headManifest(web(server))).toEqual({ digest: sha256(BODY), mediaType: INDEX });
    expect(server.requests.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
  });

  it('is never asked more than 16 questions at a time', async () => {
    let open = 0;
    let most = 0;
    const server = await faulty((_request, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.writeHead(200, { 'content-type': INDEX, 'docker-content-digest': sha256(BODY) }).end();
      }, 20);
    });
    const asking = client();
    await Promise.all(Array.from({ length: 80 }, () => asking.headManifest(web(server))));
    expect(most).toBe(16);
  });

  it('is asked for every kind of manifest and index', async () => {
    let accept = '';
    const server = await faulty((request, response) => {
      accept = String(request.headers.accept);
      response.writeHead(200, { 'content-type': INDEX, 'docker-content-digest': sha256(BODY) }).end();
    });
    await client().headManifest(web(server));
    for (const kind of [
      'oci.image.index.v1',
      'oci.image.manifest.v1',
      'docker.distribution.manifest.list.v2',
      'docker.distribution.manifest.v2',
    ]) {
      expect(accept).toContain(`application/vnd.${kind}+json`);
    }
  });
});

describe('redirects', () => {
  const wantsLogin = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.headers.authorization !== undefined) return false;
    response.writeHead(401, { 'www-authenticate': 'Basic realm="here"' }).end();
    return true;
  };

  it('to another host are followed without credentials', async () => {
    const other = await faulty((_request, response) =>
      response.writeHead(200, { 'content-type': INDEX, 'docker-content-digest': sha256(BODY) }).end(),
    );
    const server = await faulty((request, response) => {
      if (!wantsLogin(request, response)) response.writeHead(307, { location: `http://${other.host}/elsewhere` }).end();
    });
    expect((await client().headManifest(web(server))).digest).toBe(sha256(BODY));
    expect(server.requests.at(-1)?.authorization).toMatch(/^Basic /);
    expect(other.requests).toEqual([{ method: 'HEAD', url: '/elsewhere', authorization: undefined, body: '' }]);
  });

  it('to another host that asks for a login get none', async () => {
    const other = await faulty((_request, response) =>
      response.writeHead(401, { 'www-authenticate': 'Basic realm="give me"' }).end(),
    );
    const server = await faulty((request, response) => {
      if (!wantsLogin(request, response)) response.writeHead(302, { location: `http://${other.host}/` }).end();
    });
    await expect(client().headManifest(web(server))).rejects.toMatchObject({ type: 'RegistryAuthDenied' });
    expect(other.requests.every(({ authorization }) => authorization === undefined)).toBe(true);
  });

  it('on the same host keep the credentials', async () => {
    const server = await faulty((request, response) => {
      if (wantsLogin(request, response)) return;
      if (request.url === '/moved')
        response.writeHead(200, { 'content-type': INDEX, 'docker-content-digest': sha256(BODY) }).end();
      else response.writeHead(308, { location: '/moved' }).end();
    });
    expect((await client().headManifest(web(server))).digest).toBe(sha256(BODY));
  });

  it('to plain HTTP elsewhere, and without end, are not followed', async () => {
    const away = await faulty((_request, response) =>
      response.writeHead(307, { location: 'http://registry.invalid/' }).end(),
    );
    await expect(client().headManifest(web(away))).rejects.toMatchObject({
      type: 'RegistryUnavailable',
      message: expect.stringContaining('redirects'),
    });
    const round = await faulty((_request, response) => response.writeHead(307, { location: '/again' }).end());
    await expect(client().headManifest(web(round))).rejects.toMatchObject({
      type: 'RegistryUnavailable',
      message: expect.stringContaining('redirects more than'),
    });
  });
});
