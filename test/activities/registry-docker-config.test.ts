import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createDockerConfigCredentials, dockerConfigDirectory } from '../../activities/registry/docker-config.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-config-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const write = (content: unknown) =>
  writeFile(path.join(directory, 'config.json'), typeof content === 'string' ? content : JSON.stringify(content));
const credentialsFor = (registry: string) => createDockerConfigCredentials(directory).credentialsFor(registry);
const headerFor = (registry: string) => createDockerConfigCredentials(directory).registryAuthHeader(registry);

describe('credentials in Docker’s own configuration', () => {
  it('are none where there is no file, no entry, or an empty entry of a credential store', async () => {
    expect(await credentialsFor('docker.io')).toBeNull();
    await write({ auths: { 'ghcr.io': {} }, credsStore: 'desktop' });
    expect(await credentialsFor('ghcr.io')).toBeNull();
    expect(await credentialsFor('quay.io')).toBeNull();
    expect(await headerFor('ghcr.io')).toBeNull();
    await write({});
    expect(await credentialsFor('ghcr.io')).toBeNull();
  });

  it('are read from auth, whose password may hold colons, and from name and password', async () => {
    await write({
      auths: {
        'registry.test:5000': { auth: base64('bob:pa:ss wörd') },
        'other.test': { username: 'eve', password: 'x' },
      },
    });
    expect(await credentialsFor('registry.test:5000')).toEqual({
      username: 'bob',
      password: 'pa:ss wörd',
      identityToken: null,
      source: path.join(directory, 'config.json'),
    });
    expect(await credentialsFor('other.test')).toMatchObject({ username: 'eve', password: 'x' });
    expect(await credentialsFor('registry.test')).toBeNull();
    expect(await headerFor('registry.test:5000')).toEqual({
      username: 'bob',
      password: 'pa:ss wörd',
      serveraddress: 'registry.test:5000',
    });
  });

  it.each(['https://index.docker.io/v1/', 'index.docker.io', 'docker.io', 'https://registry-1.docker.io/v2/'])(
    'of Docker Hub are found under %s',
    async (key) => {
      await write({ auths: { [key]: { auth: base64('bob:geheim') } } });
      expect(await credentialsFor('docker.io')).toMatchObject({ username: 'bob' });
      expect(await headerFor('docker.io')).toMatchObject({ serveraddress: 'https://index.docker.io/v1/' });
    },
  );

  it.each(['https://registry.test:5000/v2/', 'http://registry.test:5000', 'registry.test:5000/'])(
    'are found under a key with scheme or path (%s)',
    async (key) => {
      await write({ auths: { [key]: { auth: base64('bob:geheim') } } });
      expect(await credentialsFor('registry.test:5000')).toMatchObject({ username: 'bob' });
    },
  );

  it('may be an identity token, in both ways that Docker writes one', async () => {
    await write({
      auths: {
        'a.test': { auth: base64('bob:'), identitytoken: 'refresh' },
        'b.test': { auth: base64('<token>:refresh') },
      },
    });
    expect(await credentialsFor('a.test')).toMatchObject({ identityToken: 'refresh' });
    expect(await credentialsFor('b.test')).toMatchObject({ identityToken: 'refresh' });
    expect(await headerFor('b.test')).toEqual({ identitytoken: 'refresh', serveraddress: 'b.test' });
  });

  it('count at once after a login', async () => {
    const credentials = createDockerConfigCredentials(directory);
    expect(await credentials.credentialsFor('registry.test')).toBeNull();
    await write({ auths: { 'registry.test': { auth: base64('bob:geheim') } } });
    expect(await credentials.credentialsFor('registry.test')).toMatchObject({ username: 'bob' });
  });

  it('that can not be read are an error that names the file and shows nothing of it', async () => {
    await write('{"auths": {"x": {"auth": "geheim"');
    const asking = credentialsFor('registry.test');
    await expect(asking).rejects.toMatchObject({
      type: 'RegistryAuthDenied',
      message: expect.stringContaining(path.join(directory, 'config.json')),
    });
    expect(await asking.catch((error: Error) => error.message)).not.toContain('geheim');
    await write({ auths: { x: { auth: { secret: 'geheim' } } } });
    await expect(credentialsFor('registry.test')).rejects.toMatchObject({
      message: expect.not.stringContaining('geheim'),
    });
  });

  it('are looked for where DOCKER_CONFIG says, else in the home directory', () => {
    expect(dockerConfigDirectory({ DOCKER_CONFIG: '/somewhere' })).toBe('/somewhere');
    expect(dockerConfigDirectory({})).toBe(path.join(os.homedir(), '.docker'));
  });
});
