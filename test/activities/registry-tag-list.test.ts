import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createRegistryClient, type RegistryClient } from '../../activities/registry/registry-client.ts';
import { type FaultServer, startFaultServer } from './registry-fault-server.ts';
import { startRegistryUnderTest } from './registry-under-test.ts';

const closers: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function client(): RegistryClient {
  const created = createRegistryClient({ credentials: { credentialsFor: async () => null } });
  closers.push(() => created.close());
  return created;
}

async function faulty(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<FaultServer> {
  const server = await startFaultServer(answer);
  closers.push(() => server.close());
  return server;
}

const web = (host: string) => ({ registry: host, repository: 'team/web', tag: '1', digest: null });
const listFrom = async (answer: (request: IncomingMessage, response: ServerResponse) => void) => {
  const server = await faulty(answer);
  return client().listTags(web(server.host));
};

describe('the tags of a repository', () => {
  it('are listed by a real registry, also with a login', async () => {
    const login = { username: 'bob', password: 'geheim' };
    const registry = await startRegistryUnderTest(login);
    closers.push(() => registry.destroy());
    for (const tag of ['1.0', '1.1', 'latest']) await registry.pushImage('team/web', tag, tag);
    const source = { ...login, identityToken: null, source: 'a test' };
    const loggedIn = createRegistryClient({ credentials: { credentialsFor: async () => source } });
    closers.push(() => loggedIn.close());

    expect((await loggedIn.listTags(web(registry.host))).sort()).toEqual(['1.0', '1.1', 'latest']);
    await expect(loggedIn.listTags({ ...web(registry.host), repository: 'team/none' })).rejects.toMatchObject({
      type: 'ManifestNotFound',
      message: expect.stringContaining('knows no repository'),
    });
    await expect(client().listTags(web(registry.host))).rejects.toMatchObject({ type: 'RegistryAuthDenied' });
  });

  it('are followed through all pages, each told once', async () => {
    const tags = await listFrom((request, response) => {
      const url = new URL(request.url ?? '/', 'http://registry.test');
      const from = Number(url.searchParams.get('last') ?? 0);
      if (from < 4) response.setHeader('link', `</v2/team/web/tags/list?last=${from + 2}&n=2>; rel="next"`);
      response.end(JSON.stringify({ name: 'team/web', tags: [`${from}`, `${from + 1}`, 'latest'] }));
    });
    expect(tags).toEqual(['0', '1', 'latest', '2', '3', '4', '5']);
  });

  it('may be none', async () => {
    expect(await listFrom((_request, response) => response.end('{"name":"team/web","tags":null}'))).toEqual([]);
  });

  it.each([
    ['is no JSON', '<html>', {}],
    ['is no list of tags', '{"tags":{"1":"2"}}', {}],
    [
      'goes on at another host',
      '{"tags":["1"]}',
      { link: '<http://127.0.0.1:1/v2/team/web/tags/list?last=1>; rel="next"' },
    ],
    ['goes on with another repository', '{"tags":["1"]}', { link: '</v2/team/secret/tags/list?last=1>; rel="next"' }],
    ['goes on nowhere', '{"tags":["1"]}', { link: '<http://[>; rel="next"' }],
  ])('are unknown where the answer %s', async (_what, body, headers: Record<string, string>) => {
    const asked = listFrom((_request, response) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.end(body);
    });
    await expect(asked).rejects.toMatchObject({ type: 'RegistryUnavailable' });
  });

  it('are unknown where their pages have no end', async () => {
    let page = 0;
    const asked = listFrom((_request, response) => {
      page += 1;
      response.setHeader('link', `</v2/team/web/tags/list?last=${page}>; rel="next"`);
      response.end(JSON.stringify({ tags: [`${page}`] }));
    });
    await expect(asked).rejects.toMatchObject({
      type: 'RegistryUnavailable',
      message: expect.stringContaining('has no end'),
    });
    expect(page).toBe(500);
  });
});
