import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { KnownVersion, TagName } from '../../db/repositories/image-version-repository.ts';
import { type FreshDatabase, type RealPostgres, startRealPostgres } from './real-postgres.ts';
import { digest, minutes, NOON, TENANT } from './samples.ts';

let postgres: RealPostgres;
let database: FreshDatabase;
beforeAll(async () => {
  postgres = await startRealPostgres();
});
beforeEach(async () => {
  database = await postgres.freshDatabase();
});
afterAll(() => postgres?.stop());

const AMD64 = { os: 'linux', architecture: 'amd64' };
const ARM = { os: 'linux', architecture: 'arm/v7' };
const named = (repository: string, tag = 'latest', registry = 'docker.io'): TagName => ({ registry, repository, tag });
const version = (name: TagName, which = '1', checkedAt = NOON): KnownVersion => ({
  ...name,
  digest: digest(which),
  mediaType: 'application/vnd.oci.image.index.v1+json',
  checkedAt,
});

const save = (versions: KnownVersion[], platform = AMD64) =>
  database.repositories.imageVersions.save(TENANT, platform, versions);
const find = (tags: TagName[], since = NOON, platform = AMD64) =>
  database.repositories.imageVersions.find(TENANT, platform, { tags, since });
const firstSeen = async (): Promise<Date> => {
  const [row] = await database.sql('select "first_seen_at" from "image_versions"');
  return new Date(String(row?.first_seen_at));
};

describe('what a registry said of a tag', () => {
  it('is found again, for the same platform, until it is too old', async () => {
    const nginx = named('library/nginx');
    await save([version(nginx), version(named('library/redis', '7'))]);

    expect(await find([nginx])).toEqual([version(nginx)]);
    expect(await find([nginx], minutes(1))).toEqual([]);
    expect(await find([nginx], NOON, ARM)).toEqual([]);
    expect(await find([])).toEqual([]);
  });

  it('is not taken for another registry’s, nor one tag for another', async () => {
    await save([version(named('team/web', '1')), version(named('team/app', '2'))]);
    expect(await find([named('team/web', '2'), named('team/app', '1')])).toEqual([]);
    expect(await find([named('team/web', '1', 'ghcr.io')])).toEqual([]);
  });

  it('is overwritten by what it says later; an answer that comes late does not bring back an earlier one', async () => {
    const nginx = named('library/nginx');
    await save([version(nginx, '1', NOON)]);
    await save([version(nginx, '2', minutes(5))]);
    await save([version(nginx, '3', minutes(2))]);
    expect(await find([nginx])).toEqual([version(nginx, '2', minutes(5))]);
  });

  it('remembers since when the tag has pointed to this digest', async () => {
    const nginx = named('library/nginx');
    await save([version(nginx, '1', NOON)]);
    await save([version(nginx, '1', minutes(5))]);
    expect(await firstSeen()).toEqual(NOON);
    await save([version(nginx, '2', minutes(9))]);
    expect(await firstSeen()).toEqual(minutes(9));
  });

  it('is forgotten once nobody has asked for it in a long time', async () => {
    const [old, recent] = [named('library/nginx'), named('library/redis')];
    await save([version(old, '1', NOON), version(recent, '1', minutes(10))]);
    expect(await database.repositories.imageVersions.forget(minutes(5))).toBe(1);
    expect(await find([old, recent])).toEqual([version(recent, '1', minutes(10))]);
  });

  it('may be stored by two at the same time', async () => {
    const names = Array.from({ length: 40 }, (_, index) => named(`team/web${index}`));
    const there = names.map((name) => version(name, '1', NOON));
    const back = names.map((name) => version(name, '2', minutes(1))).reverse();
    await Promise.all([save(there), save(back), save(there), save(back)]);
    expect(new Set((await find(names)).map((found) => found.digest))).toEqual(new Set([digest('2')]));
  });
});
