import { statfs } from 'node:fs/promises';
import type { Health, HealthCheck } from '../../../contracts/api/health.ts';
import type { ApiContext } from '../../context.ts';
import { createProbe } from './probe.ts';

type Probes = Record<keyof Health['checks'], () => Promise<HealthCheck>>;
type Finding = Pick<HealthCheck, 'status' | 'message'>;

/** Below this much space PostgreSQL and pulls are about to fail. */
const LEAST_FREE_BYTES = 500 * 1024 * 1024;

const probesOf = new WeakMap<ApiContext, Probes>();

/** The probes of one running API, which share questions that are open. */
export function healthProbes(context: ApiContext): Probes {
  const known = probesOf.get(context);
  if (known) return known;
  const { health, temporal } = context;
  const probes: Probes = {
    database: createProbe('The database', async () => {
      await health.pingDatabase();
      return { status: 'up', message: 'The database answers.' };
    }),
    temporal: createProbe('Temporal', async () =>
      (await temporal.isAvailable())
        ? { status: 'up', message: 'Temporal answers.' }
        : { status: 'down', message: 'Temporal gave no answer.' },
    ),
    docker: createProbe('The record of hosts', () => engines(context)),
    disk_space: createProbe('The file system', () => freeSpace(health.dataDirectory)),
  };
  probesOf.set(context, probes);
  return probes;
}

/** From the record that the agents keep: the API never asks an engine. */
async function engines({ repositories, tenantId }: ApiContext): Promise<Finding> {
  const hosts = await repositories.hosts.list(tenantId);
  if (hosts.length === 0) return { status: 'unknown', message: 'No engine has been looked at yet.' };
  const away = hosts.filter(({ state }) => state === 'unreachable');
  if (away.length === 0) return { status: 'up', message: `${hosts.length} of ${hosts.length} engines were reachable.` };
  const named = away
    .map(({ id, lastSeenAt }) => `${id} (last seen ${lastSeenAt?.toISOString() ?? 'never'})`)
    .join(', ');
  return { status: away.length === hosts.length ? 'down' : 'degraded', message: `Unreachable: ${named}.` };
}

async function freeSpace(directory: string): Promise<Finding> {
  const { bavail, blocks, bsize } = await statfs(directory);
  const free = bavail * bsize;
  const message = `${gigabytes(free)} of ${gigabytes(blocks * bsize)} free.`;
  return { status: free < LEAST_FREE_BYTES ? 'degraded' : 'up', message };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}
