import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { type ContainerToCheck, checkImages } from '../activities/registry/check-images.ts';
import { RecentHeads } from '../activities/registry/recent-heads.ts';
import { createRegistryClient } from '../activities/registry/registry-client.ts';
import { canonicalName, parseImageReference } from '../domain/image-reference.ts';
import { type RegistryUnderTest, startRegistryUnderTest } from '../test/activities/registry-under-test.ts';
import { startRealPostgres } from '../test/db/real-postgres.ts';
import { TENANT } from '../test/db/samples.ts';
import { median, seconds } from './figures.ts';
import { inParallel } from './in-parallel.ts';
import { roundsOr } from './rounds.ts';

const MOST_IMAGES = 1_000;
/** As many as the program asks one registry at a time. */
const CONCURRENCY = 16;
const GOAL = 1.3;
const CONTAINERS = 10_000;
const GOAL_DECIDED_MS = 200;
/** As many containers as the program checks in one activity. */
const BATCH = 40;
const ACCEPT =
  'application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';

interface Cost {
  wallMs: number;
  /** Of this process: of the registry both need the same. */
  cpuMs: number;
}

async function costOf(run: () => Promise<void>): Promise<Cost> {
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  await run();
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

function container(host: string, digest: string, index: number): ContainerToCheck {
  const name = `${host}/team/app${index}`;
  return {
    name: `app${index}`,
    image: `${name}:1`,
    imageId: `sha256:${'c'.repeat(64)}`,
    repoTags: [`${name}:1`],
    repoDigests: [`${name}@${digest}`],
    platform: { os: 'linux', architecture: 'amd64', variant: null },
  };
}

const batches = (containers: ContainerToCheck[]) =>
  Array.from({ length: Math.ceil(containers.length / BATCH) }, (_, index) =>
    containers.slice(index * BATCH, (index + 1) * BATCH),
  );

/** The same HEADs by a bare client that keeps its connections. */
async function bare(agent: Agent, host: string, images: number): Promise<void> {
  await inParallel(
    Array.from({ length: images }, (_, index) => index),
    CONCURRENCY,
    async (index) => {
      const answer = await request(`http://${host}/v2/team/app${index}/manifests/1`, {
        method: 'HEAD',
        dispatcher: agent,
        headers: { accept: ACCEPT },
      });
      await answer.body.dump();
      if (answer.statusCode !== 200 || answer.headers['docker-content-digest'] === undefined)
        throw new Error(`the registry answered ${answer.statusCode}`);
    },
  );
}

async function measure(registry: RegistryUnderTest, digest: string): Promise<void> {
  const postgres = await startRealPostgres();
  const registryClient = createRegistryClient({ credentials: { credentialsFor: async () => null } });
  const agent = new Agent({ connections: CONCURRENCY, keepAliveTimeout: 30_000 });
  try {
    const { repositories } = await postgres.freshDatabase();
    const heads = new RecentHeads(registryClient);
    const warn = (message: string) => {
      throw new Error(message);
    };
    const clients = { registryClient, heads, versions: repositories.imageVersions, warn };
    const check = async (images: number, maxAgeMs: number) => {
      const containers = Array.from({ length: images }, (_, index) => container(registry.host, digest, index));
      for (const batch of batches(containers)) {
        const checked = await checkImages(clients, { tenantId: TENANT, containers: batch, maxAgeMs });
        if (checked.some(({ verdict }) => verdict !== 'up_to_date')) throw new Error('a check went wrong');
      }
    };
    for (const images of [100, MOST_IMAGES]) {
      const [ours, floor]: [Cost[], Cost[]] = [[], []];
      for (let round = 0; round <= roundsOr(7); round += 1) {
        const bareCost = await costOf(() => bare(agent, registry.host, images));
        // Another millisecond, so that nothing counts as known.
        await delay(5);
        const ourCost = await costOf(() => check(images, 0));
        if (round === 0) continue;
        floor.push(bareCost);
        ours.push(ourCost);
      }
      const told = await costOf(() => check(images, 3_600_000));
      const ratio = median(ours.map(({ wallMs }) => wallMs)) / median(floor.map(({ wallMs }) => wallMs));
      const line = (what: string, of: (cost: Cost) => number) =>
        `${what}: ours ${seconds(ours.map(of))}, bare HEADs ${seconds(floor.map(of))}`;
      console.log(`${images} images, ${CONCURRENCY} requests at a time, answers stored in PostgreSQL, median (range):`);
      console.log(
        `  ${line('wall time', ({ wallMs }) => wallMs)}, ratio ${ratio.toFixed(2)} (goal ≤ ${GOAL}: ${ratio <= GOAL ? 'met' : 'missed'})`,
      );
      console.log(`  ${line('CPU time of the client', ({ cpuMs }) => cpuMs)}`);
      console.log(`  a second check within the hour: ${(told.wallMs / 1000).toFixed(3)} s`);
    }
    await decide(digest);
    console.log(
      `  most memory of the process in all of it: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB RSS`,
    );
  } finally {
    await agent.close();
    await registryClient.close();
    await postgres.stop();
  }
}

/** What is left when all answers are there: grouping the containers and comparing digests. */
async function decide(digest: string): Promise<void> {
  const unasked = () => Promise.reject(new Error('the registry was asked'));
  const registryClient = {
    headManifest: unasked,
    getManifest: unasked,
    getBlob: unasked,
    listTags: unasked,
    close: async () => undefined,
  };
  const heads = new RecentHeads(registryClient);
  const versions = { find: async () => [], save: async () => undefined };
  const containers = Array.from({ length: CONTAINERS }, (_, index) =>
    container('registry.test', digest, index % MOST_IMAGES),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  for (const { image } of containers) {
    const parsed = parseImageReference(image);
    if (parsed.ok) heads.learn(canonicalName(parsed.reference), { digest, mediaType, askedAtMs: Date.now() });
  }
  const times: number[] = [];
  for (let round = 0; round <= roundsOr(7); round += 1) {
    const { wallMs } = await costOf(async () => {
      await checkImages(
        { registryClient, heads, versions, warn: () => undefined },
        { tenantId: TENANT, containers, maxAgeMs: 3_600_000 },
      );
    });
    if (round > 0) times.push(wallMs);
  }
  console.log(
    `${CONTAINERS} containers of ${MOST_IMAGES} images grouped and decided: ${seconds(times)} (goal < ${GOAL_DECIDED_MS} ms: ${median(times) < GOAL_DECIDED_MS ? 'met' : 'missed'})`,
  );
}

/** Asking a real registry what is newer, against a bare HTTP client that sends the same HEADs. */
export async function benchDetection(): Promise<void> {
  const registry = await startRegistryUnderTest();
  try {
    let digest = '';
    await inParallel(
      Array.from({ length: MOST_IMAGES }, (_, index) => index),
      8,
      async (index) => {
        digest = await registry.pushImage(`team/app${index}`, '1', 'same');
      },
    );
    await measure(registry, digest);
  } finally {
    await registry.destroy();
  }
}
