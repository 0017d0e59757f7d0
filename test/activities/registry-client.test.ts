import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { CredentialSource } from '../../activities/registry/credentials.ts';
import {
  createRegistryClient,
  type ManifestReference,
  type RegistryClient,
} from '../../activities/registry/registry-client.ts';
import { type RegistryUnderTest, sha256, startRegistryUnderTest } from './registry-under-test.ts';

const LOGIN = { username: 'bob', password: 'pa:ss wörd' };
const anonymous: CredentialSource = { credentialsFor: async () => null };
const loggedIn = (password: string): CredentialSource => ({
  credentialsFor: async () => ({
    username: 'bob',
    password,
    identityToken: null,
    source: '/home/bob/.docker/config.json',
  }),
});

const reference = (
  registry: RegistryUnderTest,
  tag: string | null,
  digest: string | null = null,
): ManifestReference => ({
  registry: registry.host,
  repository: 'team/web',
  tag,
  digest,
});

let clients: RegistryClient[] = [];
function clientWith(credentials: CredentialSource): RegistryClient {
  const client = createRegistryClient({ credentials });
  clients.push(client);
  return client;
}
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  clients = [];
});

describe('asking a real registry that is open to all', () => {
  let registry: RegistryUnderTest;
  beforeAll(async () => {
    registry = await startRegistryUnderTest();
  });
  afterAll(() => registry.destroy());

  it('gets the digest and media type of a tag, and the manifest by tag and by digest', async () => {
    const digest = await registry.pushImage('team/web', '1', 'one');
    const client = clientWith(anonymous);
    expect(await client.headManifest(reference(registry, '1'))).toEqual({
      digest,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
    });
    const byTag = await client.getManifest(reference(registry, '1'));
    expect(sha256(byTag.body)).toBe(digest);
    expect((await client.getManifest(reference(registry, null, digest))).digest).toBe(digest);
  });

  it('gets the configuration of an image, and says that another blob is not there', async () => {
    await registry.pushImage('team/web', '1', 'one');
    const client = clientWith(anonymous);
    const manifest = JSON.parse((await client.getManifest(reference(registry, '1'))).body.toString('utf8'));
    const blob = await client.getBlob({ ...reference(registry, null), digest: manifest.config.digest });
    expect(JSON.parse(blob.toString('utf8')).config.Labels).toEqual({ marker: 'one' });
    const absent = client.getBlob({ ...reference(registry, null), digest: `sha256:${'0'.repeat(64)}` });
    await expect(absent).rejects.toMatchObject({ type: 'ManifestNotFound' });
  });

  it('gets the index itself for a tag of several platforms, not one platform of it', async () => {
    const amd64 = await registry.pushImage('team/web', 'multi-amd64', 'amd64');
    const digest = await registry.pushIndex('team/web', 'multi', [
      { digest: amd64, platform: { os: 'linux', architecture: 'amd64' } },
    ]);
    expect(await clientWith(anonymous).headManifest(reference(registry, 'multi'))).toEqual({
      digest,
      mediaType: 'application/vnd.oci.image.index.v1+json',
    });
  });

  it('answers a hundred questions at once', async () => {
    const digest = await registry.pushImage('team/web', 'busy', 'busy');
    const client = clientWith(anonymous);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => client.headManifest(reference(registry, 'busy'))),
    );
    expect(new Set(answers.map((answer) => answer.digest))).toEqual(new Set([digest]));
  });

  it('says that a tag which was deleted is not there any more', async () => {
    const digest = await registry.pushImage('team/web', '1.27', 'to be deleted');
    await registry.deleteManifest('team/web', digest);
    await expect(clientWith(anonymous).headManifest(reference(registry, '1.27'))).rejects.toMatchObject({
      type: 'ManifestNotFound',
      message: expect.stringContaining(`${registry.host}/team/web has no tag 1.27 any more`),
    });
  });

  it('says that a digest, or anything of a repository that it does not know, is not there', async () => {
    const client = clientWith(anonymous);
    const absent = `sha256:${'0'.repeat(64)}`;
    await expect(client.getManifest(reference(registry, null, absent))).rejects.toMatchObject({
      type: 'ManifestNotFound',
      message: expect.stringContaining(absent),
    });
    await expect(client.getManifest({ ...reference(registry, '1'), repository: 'no/such' })).rejects.toMatchObject({
      type: 'ManifestNotFound',
      message: expect.stringContaining('no/such has no tag 1'),
    });
  });
});

describe('asking a real registry that wants a password', () => {
  let registry: RegistryUnderTest;
  let digest: string;
  beforeAll(async () => {
    registry = await startRegistryUnderTest(LOGIN);
    digest = await registry.pushImage('team/web', '1', 'private');
  });
  afterAll(() => registry.destroy());

  it('answers its basic challenge, and next time sends the password at once', async () => {
    const client = clientWith(loggedIn(LOGIN.password));
    expect((await client.headManifest(reference(registry, '1'))).digest).toBe(digest);
    expect((await client.headManifest(reference(registry, '1'))).digest).toBe(digest);
  });

  it('says whose credentials were refused and what to do, without the password', async () => {
    const asking = clientWith(loggedIn('falsch')).headManifest(reference(registry, '1'));
    await expect(asking).rejects.toMatchObject({ type: 'RegistryAuthDenied' });
    const told = await asking.catch((error: Error) => error.message);
    expect(told).toContain(registry.host);
    expect(told).toContain('user bob (credentials from /home/bob/.docker/config.json)');
    expect(told).toContain(`docker login ${registry.host}`);
    expect(told).not.toContain('falsch');
  });

  it('says that there are no credentials', async () => {
    await expect(clientWith(anonymous).headManifest(reference(registry, '1'))).rejects.toMatchObject({
      type: 'RegistryAuthDenied',
      message: expect.stringContaining('no credentials'),
    });
  });
});

describe('asking a registry that is away', () => {
  it('names host, port and cause', async () => {
    const registry = await startRegistryUnderTest();
    try {
      const client = clientWith(anonymous);
      await registry.pushImage('team/web', '1', 'one');
      await client.headManifest(reference(registry, '1'));
      await registry.stop();
      await expect(client.headManifest(reference(registry, '1'))).rejects.toMatchObject({
        type: 'RegistryUnavailable',
        message: expect.stringMatching(
          new RegExp(`${registry.host} could not be asked about .*: it refused the connection`),
        ),
      });
    } finally {
      await registry.destroy();
    }
  });

  it('says that a registry with an impossible port is a bad reference', async () => {
    const asking = clientWith(anonymous).headManifest({
      registry: 'registry.test:99999',
      repository: 'web',
      tag: '1',
      digest: null,
    });
    await expect(asking).rejects.toMatchObject({
      type: 'ImageRefInvalid',
      message: expect.stringContaining('registry.test:99999'),
    });
  });

  it('says that a name does not resolve', async () => {
    const client = clientWith(anonymous);
    await expect(
      client.headManifest({ registry: 'registry.invalid', repository: 'web', tag: '1', digest: null }),
    ).rejects.toMatchObject({
      type: 'RegistryUnavailable',
      message: expect.stringContaining('registry.invalid:443'),
    });
  });
});
