import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RegistryCredentials } from '../../activities/registry/credentials.ts';
import { createRegistryClient, type RegistryClient } from '../../activities/registry/registry-client.ts';
import { type FaultServer, startFaultServer } from './registry-fault-server.ts';
import { sha256 } from './registry-under-test.ts';

const DIGEST = sha256('whatever');
const PASSWORD: RegistryCredentials = {
  username: 'bob',
  password: 'geheim',
  identityToken: null,
  source: '/home/bob/.docker/config.json',
};

let closing: Array<() => Promise<void>> = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

interface TokenServed {
  registry: FaultServer;
  tokenService: FaultServer;
  /** Makes every token that was granted so far worthless. */
  revokeAll(): void;
}

/** A registry that wants bearer tokens, and the token service that it names. */
async function startTokenServedRegistry(
  grants: (request: IncomingMessage, response: ServerResponse, token: string) => void,
): Promise<TokenServed> {
  const granted = new Set<string>();
  const tokenService = await startFaultServer((request, response) => {
    const token = `token-${granted.size + 1}`;
    granted.add(token);
    grants(request, response, token);
  });
  const revoked = new Set<string>();
  const registry = await startFaultServer((request, response) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    if (granted.has(token) && !revoked.has(token)) {
      response
        .writeHead(200, { 'content-type': 'application/vnd.oci.image.index.v1+json', 'docker-content-digest': DIGEST })
        .end();
      return;
    }
    const repository = request.url?.split('/')[2];
    const challenge = `Bearer realm="http://${tokenService.host}/token",service="registry.test",scope="repository:${repository}:pull"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
  });
  closing.push(
    () => registry.close(),
    () => tokenService.close(),
  );
  return {
    registry,
    tokenService,
    revokeAll: () => {
      for (const token of granted) revoked.add(token);
    },
  };
}

function client(credentials: RegistryCredentials | null, now?: () => number): RegistryClient {
  const created = createRegistryClient({
    credentials: { credentialsFor: async () => credentials },
    ...(now === undefined ? {} : { now }),
  });
  closing.push(() => created.close());
  return created;
}

const grant = (expires_in?: number) => (_request: IncomingMessage, response: ServerResponse, token: string) =>
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ token, ...(expires_in === undefined ? {} : { expires_in }) }));

const image = ({ registry }: TokenServed, repository: string) => ({
  registry: registry.host,
  repository,
  tag: '1',
  digest: null,
});

describe('a registry with a token service', () => {
  it('is asked anonymously with a token for the repository, as Docker Hub wants it', async () => {
    const served = await startTokenServedRegistry(grant(300));
    expect((await client(null).headManifest(image(served, 'web'))).digest).toBe(DIGEST);
    const [asked] = served.tokenService.requests;
    const query = new URL(asked?.url ?? '', 'http://x').searchParams;
    expect(Object.fromEntries(query)).toEqual({ scope: 'repository:web:pull', service: 'registry.test' });
    expect(asked?.authorization).toBeUndefined();
  });

  it('gives the password to the token service only, never to the registry', async () => {
    const served = await startTokenServedRegistry(grant(300));
    await client(PASSWORD).headManifest(image(served, 'web'));
    expect(served.tokenService.requests[0]?.authorization).toBe(
      `Basic ${Buffer.from('bob:geheim').toString('base64')}`,
    );
    expect(served.registry.requests.map(({ authorization }) => authorization)).toEqual([undefined, 'Bearer token-1']);
  });

  it('keeps a token per repository until it expires, then gets a new one, and shares one fetch among many', async () => {
    let now = 0;
    const served = await startTokenServedRegistry(grant(100));
    const asking = client(null, () => now);
    await asking.headManifest(image(served, 'web'));
    await Promise.all(Array.from({ length: 20 }, () => asking.headManifest(image(served, 'web'))));
    expect(served.tokenService.requests).toHaveLength(1);
    await Promise.all(Array.from({ length: 20 }, () => asking.headManifest(image(served, 'db'))));
    expect(served.tokenService.requests).toHaveLength(2);
    now = 80_000;
    await asking.headManifest(image(served, 'web'));
    expect(served.tokenService.requests).toHaveLength(2);
    now = 99_000;
    await asking.headManifest(image(served, 'web'));
    expect(served.tokenService.requests).toHaveLength(3);
    // Once the registry's manner is known, each question is one request.
    expect(served.registry.requests.filter(({ authorization }) => authorization === undefined)).toHaveLength(1);
  });

  it('gets a new token when the kept one is refused early', async () => {
    const served = await startTokenServedRegistry(grant(3600));
    const asking = client(null);
    await asking.headManifest(image(served, 'web'));
    served.revokeAll();
    expect((await asking.headManifest(image(served, 'web'))).digest).toBe(DIGEST);
  });

  it('exchanges an identity token', async () => {
    const served = await startTokenServedRegistry((_request, response, token) =>
      response.writeHead(200).end(JSON.stringify({ access_token: token })),
    );
    await client({ ...PASSWORD, password: '', identityToken: 'refresh me' }).headManifest(image(served, 'web'));
    const [asked] = served.tokenService.requests;
    expect(asked?.method).toBe('POST');
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'refresh me',
      scope: 'repository:web:pull',
      service: 'registry.test',
    });
  });

  it.each([
    [401, 'RegistryAuthDenied'],
    [403, 'RegistryAuthDenied'],
    [429, 'RegistryRateLimited'],
    [503, 'RegistryUnavailable'],
  ])('whose token service answers %i means %s, and is asked anew the next time', async (status, type) => {
    let answer = status;
    const served = await startTokenServedRegistry((request, response, token) => {
      if (answer === 200) grant(60)(request, response, token);
      else response.writeHead(answer).end();
    });
    const asking = client(PASSWORD);
    await expect(asking.headManifest(image(served, 'web'))).rejects.toMatchObject({ type });
    answer = 200;
    expect((await asking.headManifest(image(served, 'web'))).digest).toBe(DIGEST);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '<html>'],
    ['no token', '{}'],
    ['a token that would break out of the header', JSON.stringify({ token: 'a\r\nx: y' })],
  ])('whose token service answers %s is unavailable', async (_what, body) => {
    const served = await startTokenServedRegistry((_request, response) => response.writeHead(200).end(body));
    await expect(client(PASSWORD).headManifest(image(served, 'web'))).rejects.toMatchObject({
      type: 'RegistryUnavailable',
      message: expect.stringContaining('without a token'),
    });
  });

  it('is not given credentials for a token service in plain HTTP elsewhere', async () => {
    const registry = await startFaultServer((_request, response) =>
      response.writeHead(401, { 'www-authenticate': 'Bearer realm="http://registry.invalid/token"' }).end(),
    );
    closing.push(() => registry.close());
    await expect(
      client(PASSWORD).headManifest({ registry: registry.host, repository: 'web', tag: '1', digest: null }),
    ).rejects.toMatchObject({
      type: 'RegistryUnavailable',
      message: expect.stringContaining('token service'),
    });
  });
});
