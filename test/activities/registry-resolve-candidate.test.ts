import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRegistryClient, type RegistryClient } from '../../activities/registry/registry-client.ts';
import { type ResolveCandidateInput, resolveCandidate } from '../../activities/registry/resolve-candidate.ts';
import { type RegistryUnderTest, startRegistryUnderTest } from './registry-under-test.ts';

let registry: RegistryUnderTest;
let client: RegistryClient;
let name: string;
const questions: string[] = [];

beforeAll(async () => {
  registry = await startRegistryUnderTest();
  const real = createRegistryClient({ credentials: { credentialsFor: async () => null } });
  client = {
    ...real,
    headManifest: (reference) => {
      questions.push('HEAD');
      return real.headManifest(reference);
    },
    getManifest: (reference) => {
      questions.push('GET');
      return real.getManifest(reference);
    },
  };
  name = `${registry.host}/team/web`;
});
afterAll(async () => {
  await client.close();
  await registry.destroy();
});

const IMAGE_ID = `sha256:${'1d'.repeat(32)}`;
const OTHER = `sha256:${'0e'.repeat(32)}`;
const AMD64 = { os: 'linux', architecture: 'amd64', variant: null };

function image(changes: Partial<ResolveCandidateInput> = {}): ResolveCandidateInput {
  return {
    reference: `${name}:1`,
    imageId: IMAGE_ID,
    repoTags: [`${name}:1`],
    repoDigests: [`${name}@${OTHER}`],
    platform: AMD64,
    target: null,
    ...changes,
  };
}

function resolve(changes: Partial<ResolveCandidateInput> = {}) {
  questions.length = 0;
  return resolveCandidate(client, image(changes));
}

describe('the candidate of a container that follows a tag', () => {
  it('is outdated when the registry has another digest, and comes with what the engine needs to pull it', async () => {
    const digest = await registry.pushImage('team/web', '1', 'two');
    expect(await resolve()).toEqual({
      kind: 'candidate',
      reference: `${name}:1`,
      pullReference: `${name}@${digest}`,
      tagReference: `${name}:1`,
      digest,
      currentDigest: OTHER,
      outdated: true,
      reason: expect.stringContaining(`The registry has ${digest.slice(0, 19)} for ${name}:1`),
    });
    expect(questions).toEqual(['HEAD']);
  });

  it('is up to date when any digest of the repository matches, at the cost of one HEAD', async () => {
    const digest = await registry.pushImage('team/web', '1', 'two');
    const found = await resolve({ repoDigests: [`${name}@${OTHER}`, `${name}@${digest}`] });
    expect(found).toMatchObject({
      kind: 'candidate',
      outdated: false,
      digest,
      currentDigest: digest,
      reason: expect.stringContaining('up to date'),
    });
    expect(questions).toEqual(['HEAD']);
  });

  it('is not taken as up to date for the sake of another repository with the same digest', async () => {
    const digest = await registry.pushImage('team/web', '1', 'two');
    const found = await resolve({ repoDigests: [`mirror.test/team/web@${digest}`, `${name}@${OTHER}`] });
    expect(found).toMatchObject({ outdated: true, currentDigest: OTHER });
  });

  it('is not "up to date" when the tag is gone or the registry fails', async () => {
    await expect(resolve({ reference: `${name}:gone` })).rejects.toMatchObject({ type: 'ManifestNotFound' });
    await expect(
      resolve({ reference: '127.0.0.1:9/web:1', repoDigests: [`127.0.0.1:9/web@${OTHER}`] }),
    ).rejects.toMatchObject({ type: 'RegistryUnavailable' });
  });
});

describe('the candidate of an image for several platforms', () => {
  let amd64: string;
  let armv6: string;
  let armv7: string;
  let index: string;
  beforeAll(async () => {
    amd64 = await registry.pushImage('team/multi', 'amd64', 'for amd64');
    armv6 = await registry.pushImage('team/multi', 'armv6', 'for arm v6');
    armv7 = await registry.pushImage('team/multi', 'armv7', 'for arm v7');
    const attestation = await registry.pushImage('team/multi', 'attestation', 'in-toto');
    index = await registry.pushIndex('team/multi', '1', [
      { digest: attestation, platform: { os: 'unknown', architecture: 'unknown' } },
      { digest: amd64, platform: { os: 'linux', architecture: 'amd64' } },
      { digest: armv6, platform: { os: 'linux', architecture: 'arm', variant: 'v6' } },
      { digest: armv7, platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
    ]);
  });
  const multi = (recorded: string, platform: ResolveCandidateInput['platform']) => {
    const repository = `${registry.host}/team/multi`;
    return resolve({
      reference: `${repository}:1`,
      repoTags: [],
      repoDigests: [`${repository}@${recorded}`],
      platform,
    });
  };

  it('is compared by the index where the engine recorded the index', async () => {
    expect(await multi(index, AMD64)).toMatchObject({ outdated: false, digest: index });
    expect(questions).toEqual(['HEAD']);
  });

  it('is up to date where the engine recorded the digest of its own platform', async () => {
    expect(await multi(amd64, AMD64)).toMatchObject({ outdated: false, digest: index, currentDigest: amd64 });
    expect(questions).toEqual(['HEAD', 'GET']);
  });

  it('is outdated where the engine recorded the digest of another platform', async () => {
    expect(await multi(armv7, AMD64)).toMatchObject({ outdated: true, digest: index, currentDigest: armv7 });
  });

  it.each([
    ['v5', null],
    ['v6', 'v6'],
    ['v7', 'v7'],
    ['v8', 'v7'],
    [null, 'v7'],
  ])('is for arm variant %s the image of variant %s', async (variant, expected) => {
    const platform = { os: 'linux', architecture: 'arm', variant };
    if (expected === null) await expect(multi(armv6, platform)).rejects.toMatchObject({ type: 'PlatformMismatch' });
    else expect(await multi(expected === 'v6' ? armv6 : armv7, platform)).toMatchObject({ outdated: false });
  });

  it('says which platforms there are when the host has another', async () => {
    const asking = multi(OTHER, { os: 'linux', architecture: 'riscv64', variant: null });
    await expect(asking).rejects.toMatchObject({
      type: 'PlatformMismatch',
      message: expect.stringMatching(
        /no image for linux\/riscv64: it has linux\/amd64, linux\/arm\/v6, linux\/arm\/v7 only/,
      ),
    });
  });

  it('is judged by the index alone where an entry does not name its platform', async () => {
    const bare = await registry.pushIndex('team/multi', 'bare', [{ digest: amd64 }]);
    const repository = `${registry.host}/team/multi`;
    expect(await resolve({ reference: `${repository}:bare`, repoDigests: [`${repository}@${OTHER}`] })).toMatchObject({
      outdated: true,
      digest: bare,
    });
  });
});

describe('an asked-for target', () => {
  it('that is a tag is looked up in place of the own one', async () => {
    const digest = await registry.pushImage('team/web', '2', 'version two');
    expect(await resolve({ target: { kind: 'tag', tag: '2' } })).toMatchObject({
      reference: `${name}:2`,
      tagReference: `${name}:2`,
      pullReference: `${name}@${digest}`,
      outdated: true,
    });
  });

  it('that is a digest leaves the container its tag', async () => {
    const digest = await registry.pushImage('team/web', '2', 'version two');
    expect(await resolve({ target: { kind: 'digest', digest } })).toMatchObject({
      reference: `${name}:1`,
      tagReference: `${name}:1`,
      digest,
      outdated: true,
    });
  });

  it('that is a digest leaves a pinned container pinned', async () => {
    const digest = await registry.pushImage('team/web', '2', 'version two');
    const found = await resolve({ reference: `${name}:1@${OTHER}`, target: { kind: 'digest', digest } });
    expect(found).toMatchObject({
      reference: `${name}@${digest}`,
      tagReference: null,
      pullReference: `${name}@${digest}`,
    });
  });

  it('moves an image that was built here to the registry', async () => {
    await registry.pushImage('team/web', '2', 'version two');
    expect(await resolve({ repoDigests: [], target: { kind: 'tag', tag: '2' } })).toMatchObject({
      kind: 'candidate',
      outdated: true,
      currentDigest: null,
    });
  });

  it.each([
    { kind: 'tag', tag: 'no tag!' },
    { kind: 'tag', tag: '1/../../x' },
    { kind: 'digest', digest: 'sha256:short' },
  ] as const)('that is malformed (%j) is refused before anything is asked', async (target) => {
    await expect(resolve({ target })).rejects.toMatchObject({ type: 'ImageRefInvalid' });
    expect(questions).toEqual([]);
  });
});

describe('containers that no registry is asked about', () => {
  it('are those built or loaded here', async () => {
    expect(await resolve({ repoDigests: [] })).toMatchObject({
      kind: 'local',
      reference: `${name}:1`,
      currentDigest: null,
    });
    expect(await resolve({ repoDigests: [`other.test/web@${OTHER}`] })).toMatchObject({ kind: 'local' });
    expect(questions).toEqual([]);
  });

  it.each(['', ':1'])('are those pinned by digest (name%s@digest)', async (tag) => {
    expect(await resolve({ reference: `${name}${tag}@${OTHER}` })).toMatchObject({
      kind: 'pinned',
      currentDigest: OTHER,
      reason: expect.stringContaining('pinned'),
    });
    expect(questions).toEqual([]);
  });

  it('are those with a reference that is none', async () => {
    await expect(resolve({ reference: 'Not An Image' })).rejects.toMatchObject({ type: 'ImageRefInvalid' });
  });
});

describe('a container run by bare image id', () => {
  const bare = IMAGE_ID.slice('sha256:'.length);

  it.each([IMAGE_ID, bare, bare.slice(0, 12)])('%s follows the only tag of its image', async (reference) => {
    const digest = await registry.pushImage('team/web', '1', 'two');
    expect(await resolve({ reference })).toMatchObject({
      kind: 'candidate',
      reference: `${name}:1`,
      digest,
      outdated: true,
    });
  });

  it('is unresolvable with several tags, with a digest only, and without any name', async () => {
    const several = await resolve({ reference: bare, repoTags: [`${name}:1`, `${name}:latest`] });
    expect(several).toMatchObject({ kind: 'unresolvable', reason: expect.stringContaining('several tags') });
    const digestOnly = await resolve({ reference: bare, repoTags: [] });
    expect(digestOnly).toMatchObject({ kind: 'unresolvable', reason: expect.stringContaining('by digest only') });
    const nameless = await resolve({ reference: bare, repoTags: ['<none>:<none>'], repoDigests: ['<none>@<none>'] });
    expect(nameless).toMatchObject({ kind: 'unresolvable', reason: expect.stringContaining('has no name') });
    expect(questions).toEqual([]);
  });

  it('can be moved to a tag that is asked for where its repository is known', async () => {
    const digest = await registry.pushImage('team/web', '2', 'version two');
    const target = { kind: 'tag', tag: '2' } as const;
    expect(await resolve({ reference: bare, repoTags: [], target })).toMatchObject({
      kind: 'candidate',
      reference: `${name}:2`,
      digest,
    });
  });

  it('is told apart from a name of hex digits', async () => {
    const imageId = `sha256:cafe${'0'.repeat(60)}`;
    expect(await resolve({ reference: 'cafe', imageId, repoTags: ['cafe:latest'], repoDigests: [] })).toMatchObject({
      kind: 'local',
      reference: 'cafe:latest',
    });
    expect(await resolve({ reference: 'cafe', imageId, repoTags: [], repoDigests: [] })).toMatchObject({
      kind: 'unresolvable',
    });
  });
});
