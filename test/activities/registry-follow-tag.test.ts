import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRegistryClient, type RegistryClient } from '../../activities/registry/registry-client.ts';
import { resolveCandidate } from '../../activities/registry/resolve-candidate.ts';
import type { TagSelection } from '../../domain/tags/tag-selection.ts';
import { type RegistryUnderTest, startRegistryUnderTest } from './registry-under-test.ts';

let registry: RegistryUnderTest;
let client: RegistryClient;
const digests = new Map<string, string>();
const TAGS = ['1.0', '1.1', '1.2-rc1', '2.0', '1.1-alpine', '20240501', 'latest'];

beforeAll(async () => {
  registry = await startRegistryUnderTest();
  client = createRegistryClient({ credentials: { credentialsFor: async () => null } });
  for (const tag of TAGS) digests.set(tag, await registry.pushImage('team/web', tag, tag));
});
afterAll(async () => {
  await client?.close();
  await registry?.destroy();
});

const digestOf = (tag: string) => digests.get(tag) ?? '';

function resolve(selection: Partial<TagSelection>, changes: { tag?: string; runs?: string } = {}) {
  const { tag = '1.0', runs = tag } = changes;
  const name = `${registry.host}/team/web`;
  return resolveCandidate(client, {
    reference: `${name}:${tag}`,
    imageId: `sha256:${'1d'.repeat(32)}`,
    repoTags: [`${name}:${tag}`],
    repoDigests: [`${name}@${digestOf(runs)}`],
    platform: { os: 'linux', architecture: 'amd64', variant: null },
    target: null,
    tags: { rule: 'digest', ruleOrigin: 'docker-auto.tag-rule', include: null, exclude: null, ...selection },
  });
}

describe('a container with a tag rule', () => {
  it.each([
    ['semver:minor', '1.1'],
    ['semver:major', '2.0'],
    ['semver:^1', '1.1'],
    ['regex:^1\\.(\\d+)$', '1.1'],
  ])('%s goes to %s, with all that the engine needs to pull it', async (rule, tag) => {
    const name = `${registry.host}/team/web`;
    const found = await resolve({ rule });
    expect(found).toMatchObject({
      kind: 'candidate',
      outdated: true,
      movesTag: true,
      reference: `${name}:${tag}`,
      tagReference: `${name}:${tag}`,
      pullReference: `${name}@${digestOf(tag)}`,
      digest: digestOf(tag),
      currentDigest: digestOf('1.0'),
    });
    expect(found.reason).toContain(`${tag} is`);
  });

  it('obeys include and exclude', async () => {
    expect(await resolve({ rule: 'semver:major', exclude: '^2' })).toMatchObject({
      reference: expect.stringMatching(/:1\.1$/),
    });
    expect(await resolve({ rule: 'semver:major', include: '^2\\.' })).toMatchObject({
      reference: expect.stringMatching(/:2\.0$/),
    });
  });

  it('stays on its own tag, and is outdated when that has another digest, where no newer one is there', async () => {
    expect(await resolve({ rule: 'semver:major' }, { tag: '2.0' })).toMatchObject({ outdated: false, movesTag: false });
    expect(await resolve({ rule: 'semver:major' }, { tag: '2.0', runs: '1.0' })).toMatchObject({
      outdated: true,
      movesTag: false,
      digest: digestOf('2.0'),
    });
  });

  it('pinned does not move, though its tag does', async () => {
    expect(await resolve({ rule: 'pinned' }, { runs: '1.1' })).toMatchObject({
      kind: 'pinned',
      reason: expect.stringContaining('pins it to 1.0'),
    });
  });

  it('newest goes by the dates of the images, or says why it can’t', async () => {
    const [may, june, july] = ['2026-05-01T00:00:00Z', '2026-06-01T00:00:00Z', '2026-07-01T00:00:00Z'];
    await registry.pushImage('team/dated', 'may', 'may', may);
    const wanted = await registry.pushImage('team/dated', 'july', 'july', july);
    await registry.pushImage('team/dated', 'june', 'june', june);
    const name = `${registry.host}/team/dated`;
    expect(
      await resolveCandidate(client, {
        reference: `${name}:may`,
        imageId: `sha256:${'1d'.repeat(32)}`,
        repoTags: [`${name}:may`],
        repoDigests: [`${name}@${digestOf('1.0')}`],
        platform: { os: 'linux', architecture: 'amd64', variant: null },
        target: null,
        tags: { rule: 'newest', ruleOrigin: 'docker-auto.tag-rule', include: '^(may|june|july)$', exclude: null },
      }),
    ).toMatchObject({ movesTag: true, reference: `${name}:july`, digest: wanted });
    const undated = await resolve({ rule: 'newest' });
    expect(undated).toMatchObject({ movesTag: false, reason: expect.stringContaining('not known') });
  });

  it.each([
    ['that is none', { rule: 'pined' }, /is no tag rule/],
    ['whose pattern is none', { rule: 'regex:(' }, /regex/],
    ['whose include pattern is none', { rule: 'semver:minor', include: '(?=1)' }, /include pattern/],
  ])('%s is not followed at all', async (_what, selection: Partial<TagSelection>, message) => {
    await expect(resolve(selection)).rejects.toMatchObject({
      type: 'PolicyDenied',
      message: expect.stringMatching(message),
    });
  });

  it('digest asks nothing of patterns that it does not use', async () => {
    expect(await resolve({ rule: 'digest', include: '^(?!.*rc).*$' })).toMatchObject({
      kind: 'candidate',
      movesTag: false,
    });
  });

  it('of users’ own patterns that would take for ever elsewhere ends at once', async () => {
    expect(await resolve({ rule: 'semver:minor', include: '^(([0-9])+.)+[A-Z]([a-z])+$' })).toMatchObject({
      movesTag: false,
    });
  });
});
