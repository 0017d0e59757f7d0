import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ContainerToCheck, checkImages } from '../../activities/registry/check-images.ts';
import { RecentHeads } from '../../activities/registry/recent-heads.ts';
import { createRegistryClient, type RegistryClient } from '../../activities/registry/registry-client.ts';
import { type FreshDatabase, type RealPostgres, startRealPostgres } from '../db/real-postgres.ts';
import { TENANT } from '../db/samples.ts';
import { type FaultServer, startFaultServer } from './registry-fault-server.ts';
import { sha256 } from './registry-under-test.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const digest = (of: string) => `sha256:${of.repeat(64).slice(0, 64)}`;
const index = (of: string) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: [{ digest: digest(of), size: 1, platform: { os: 'linux', architecture: 'amd64' } }],
  });
const [OLD_INDEX, NEW_INDEX] = [index('a'), index('b')];
const [OLD, NEW] = [sha256(OLD_INDEX), sha256(NEW_INDEX)];

let postgres: RealPostgres;
let database: FreshDatabase;
let server: FaultServer;
let clients: RegistryClient[] = [];
let warnings: string[] = [];
/** Answers that the registry refuses to give. */
let failing: RegExp | null;
let moved: RegExp | null;
let singleScope: boolean;
let refusing: RegExp | null;
/** Scopes that are left out of a token without a word. */
let withheld: RegExp | null;

beforeAll(async () => {
  postgres = await startRealPostgres();
});
beforeEach(async () => {
  database = await postgres.freshDatabase();
  failing = null;
  moved = null;
  singleScope = false;
  refusing = null;
  withheld = null;
  warnings = [];
  // Every repository asks for a token of its own, as Docker Hub does.
  server = await startFaultServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    if (url.pathname === '/token') {
      response.setHeader('content-type', 'application/json');
      const scopes = url.searchParams.getAll('scope');
      // Some token services grant only one, and some refuse all where they may not grant one.
      const granted = (singleScope ? scopes.slice(0, 1) : scopes).filter((scope) => withheld?.test(scope) !== true);
      if (refusing !== null && scopes.some((scope) => refusing?.test(scope))) response.statusCode = 403;
      response.end(JSON.stringify({ token: Buffer.from(granted.join(' ')).toString('base64url'), expires_in: 300 }));
      return;
    }
    const [, repository = ''] = /^\/v2\/(.+)\/manifests\//.exec(url.pathname) ?? [];
    const scope = `repository:${repository}:pull`;
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    if (!Buffer.from(token, 'base64url').toString().split(' ').includes(scope)) {
      response.statusCode = 401;
      response.setHeader('www-authenticate', `Bearer realm="${url.origin}/token",service="test",scope="${scope}"`);
    } else if (failing?.test(repository) === true) {
      response.statusCode = 500;
    } else {
      response.setHeader('content-type', INDEX);
      const body = moved?.test(repository) === true ? NEW_INDEX : OLD_INDEX;
      response.setHeader('docker-content-digest', sha256(body));
      if (request.method === 'GET') response.write(body);
    }
    response.end();
  });
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  clients = [];
  await server.close();
  expect(warnings).toEqual([]);
});
afterAll(() => postgres?.stop());

function container(index: number, repository: string, changes: Partial<ContainerToCheck> = {}): ContainerToCheck {
  const name = `${server.host}/${repository}`;
  return {
    name: `c${index}`,
    image: `${name}:1`,
    imageId: digest('c'),
    repoTags: [`${name}:1`],
    repoDigests: [`${name}@${OLD}`],
    platform: { os: 'linux', architecture: 'amd64', variant: null },
    ...changes,
  };
}

/** One process of the program: what it knows is its own, and the database everybody's. */
function aProcess() {
  const registryClient = createRegistryClient({ credentials: { credentialsFor: async () => null } });
  clients.push(registryClient);
  const shared = {
    registryClient,
    heads: new RecentHeads(registryClient),
    versions: database.repositories.imageVersions,
  };
  const warn = (message: string, details: object) => warnings.push(`${message} ${JSON.stringify(details)}`);
  return (containers: ContainerToCheck[], sinceMs: number) =>
    checkImages({ ...shared, warn }, { tenantId: TENANT, containers, maxAgeMs: Date.now() - sinceMs });
}

/** Requests since the last question. */
function requests(): { heads: number; refused: number; tokens: number; others: number } {
  const all = server.requests.splice(0);
  const heads = all.filter(({ method, authorization }) => method === 'HEAD' && authorization !== undefined).length;
  const refused = all.filter(({ method, authorization }) => method === 'HEAD' && authorization === undefined).length;
  const tokens = all.filter(({ url }) => url.startsWith('/token')).length;
  return { heads, refused, tokens, others: all.length - heads - refused - tokens };
}

const batches = (containers: ContainerToCheck[], size: number) =>
  Array.from({ length: Math.ceil(containers.length / size) }, (_, index) =>
    containers.slice(index * size, (index + 1) * size),
  );
const HOUR = 3_600_000;

describe('a check', () => {
  it('asks one HEAD for each image, and one token for twenty scopes', async () => {
    const check = aProcess();
    const checked = await check(
      Array.from({ length: 50 }, (_, index) => container(index, `team/app${index}`)),
      Date.now(),
    );
    expect(new Set(checked.map(({ verdict }) => verdict))).toEqual(new Set(['up_to_date']));
    const { heads, tokens, others, refused } = requests();
    expect({ heads, tokens, others }).toEqual({ heads: 50, tokens: 4, others: 0 });
    // The first one, which learns how the registry wants to be asked.
    expect(refused).toBe(1);
  });

  it('asks for one token after the other where the token service grants no more at once', async () => {
    singleScope = true;
    const checked = await aProcess()(
      Array.from({ length: 30 }, (_, index) => container(index, `team/app${index}`)),
      Date.now(),
    );
    expect(new Set(checked.map(({ verdict }) => verdict))).toEqual(new Set(['up_to_date']));
    const { tokens } = requests();
    expect(tokens).toBeGreaterThanOrEqual(30);
    expect(tokens).toBeLessThanOrEqual(33);
  });

  it('goes on asking for many at once though one of them may not be had', async () => {
    withheld = /team\/none/;
    const check = aProcess();
    const checked = await check(
      [container(1, 'team/web'), container(2, 'team/none'), container(3, 'team/app')],
      Date.now(),
    );
    expect(checked.map(({ verdict }) => verdict)).toEqual(['up_to_date', 'error', 'up_to_date']);
    requests();
    await check(
      Array.from({ length: 20 }, (_, index) => container(index, `team/other${index}`)),
      Date.now(),
    );
    expect(requests()).toMatchObject({ heads: 20, tokens: 1 });
  });

  it('is not kept from the others by one for which no token is granted', async () => {
    refusing = /secret/;
    const checked = await aProcess()(
      [container(1, 'team/web'), container(2, 'team/secret'), container(3, 'team/app'), container(4, 'team/db')],
      Date.now(),
    );
    expect(checked.map(({ verdict }) => verdict)).toEqual(['up_to_date', 'error', 'up_to_date', 'up_to_date']);
  });

  it('asks one HEAD for 500 containers of one image, whatever they run of it, in one batch or many', async () => {
    const check = aProcess();
    const since = Date.now();
    const all = Array.from({ length: 500 }, (_, index) =>
      container(
        index,
        'team/web',
        index % 2 === 0 ? {} : { imageId: digest('d'), repoDigests: [`${server.host}/team/web@${NEW}`] },
      ),
    );
    const verdicts: string[] = [];
    for (const batch of batches(all, 40)) verdicts.push(...(await check(batch, since)).map(({ verdict }) => verdict));
    expect(verdicts.filter((verdict) => verdict === 'up_to_date')).toHaveLength(250);
    expect(requests()).toMatchObject({ heads: 1, tokens: 1 });
  });

  it('asks nothing of what it was told within the hour, in another process either, unless it is told to', async () => {
    const all = Array.from({ length: 10 }, (_, index) => container(index, `team/app${index}`));
    moved = /app[0-4]$/;
    const first = aProcess();
    const before = await first(all, Date.now() - HOUR);
    expect(before.filter(({ verdict }) => verdict === 'outdated')).toHaveLength(5);
    requests();

    expect(await first(all, Date.now() - HOUR)).toEqual(before);
    const second = aProcess();
    expect(requests()).toEqual({ heads: 0, refused: 0, tokens: 0, others: 0 });
    expect(await second(all, Date.now() - HOUR)).toEqual(before);
    // What the engine recorded may be a platform's digest, which only the index tells; each process fetches it once.
    expect(requests().heads).toBe(0);

    moved = null;
    const now = Date.now() + 1;
    while (Date.now() < now);
    expect((await second(all, now)).map(({ verdict }) => verdict)).toEqual(all.map(() => 'up_to_date'));
    expect(requests().heads).toBe(10);
    expect((await aProcess()(all, Date.now() - HOUR)).map(({ verdict }) => verdict)).toEqual(
      all.map(() => 'up_to_date'),
    );
    expect(requests().heads).toBe(0);
  });

  it('asks anew for a container that was made after the answer, which may be older than what it runs', async () => {
    const check = aProcess();
    const since = Date.now() - HOUR;
    await check([container(1, 'team/web')], since);
    moved = /web/;
    const updated = container(1, 'team/web', {
      repoDigests: [`${server.host}/team/web@${NEW}`],
      createdMs: Date.now() + 1,
    });
    requests();
    expect(await check([updated], since)).toMatchObject([{ verdict: 'up_to_date' }]);
    expect(requests().heads).toBe(1);
  });

  it('goes on where what was said can’t be stored', async () => {
    const registryClient = createRegistryClient({ credentials: { credentialsFor: async () => null } });
    clients.push(registryClient);
    const told: string[] = [];
    const checked = await checkImages(
      {
        registryClient,
        heads: new RecentHeads(registryClient),
        versions: { find: async () => [], save: () => Promise.reject(new Error('the disk is full')) },
        warn: (message, details) => told.push(`${message}: ${JSON.stringify(details)}`),
      },
      { tenantId: TENANT, containers: [container(1, 'team/web')] },
    );
    expect(checked).toMatchObject([{ verdict: 'up_to_date' }]);
    expect(told).toEqual([expect.stringContaining('the disk is full')]);
  });

  it('shares a question that is being asked, and its failure with nobody who asks later', async () => {
    const check = aProcess();
    failing = /web/;
    const since = Date.now() - HOUR;
    const both = await Promise.all([
      check([container(1, 'team/web')], since),
      check([container(2, 'team/web')], since),
    ]);
    expect(both.flat().map(({ verdict }) => verdict)).toEqual(['error', 'error']);
    expect(requests().heads).toBe(1);

    failing = null;
    expect((await check([container(1, 'team/web')], since)).map(({ verdict }) => verdict)).toEqual(['up_to_date']);
    expect(requests().heads).toBe(1);
  });

  it('asks nothing for what is pinned, local or not to be named', async () => {
    const checked = await aProcess()(
      [
        container(1, 'team/web', { image: `${server.host}/team/web@${OLD}` }),
        container(2, 'team/web', { repoDigests: [] }),
        container(3, 'team/web', { image: digest('c'), repoTags: [] }),
      ],
      Date.now(),
    );
    expect(checked.map(({ verdict }) => verdict)).toEqual(['pinned', 'local', 'unresolvable']);
    expect(server.requests).toEqual([]);
  });
});
