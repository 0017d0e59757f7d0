import type { ContainerRecord } from '../../../db/read-models.ts';
import type { ApiContext } from '../../context.ts';

/** What a container found by its whole name must also be. */
export interface NamedFilter {
  status: 'running' | 'stopped' | 'all';
  search?: string | undefined;
  policy?: string | undefined;
  host?: string | undefined;
  outdated?: boolean | undefined;
}

const LIVE: readonly string[] = ['running', 'paused', 'restarting'];

/** Containers of exactly that name, at most one on each host; those that vanished are in no list. */
export async function findNamed(
  { repositories, tenantId }: ApiContext,
  name: string,
  filter: NamedFilter,
): Promise<ContainerRecord[]> {
  const hosts = filter.host === undefined ? await repositories.hosts.list(tenantId) : [{ id: filter.host }];
  const found = await Promise.all(hosts.map(({ id }) => repositories.containers.findByName(tenantId, id, name)));
  return found.filter((container) => container !== null).filter((container) => matches(container, filter));
}

function matches(container: ContainerRecord, { status, search, policy, outdated }: NamedFilter): boolean {
  if (container.status === 'removed') return false;
  if (status !== 'all' && (status === 'running') !== LIVE.includes(container.status)) return false;
  if (policy !== undefined && container.updatePolicy !== policy) return false;
  if (outdated !== undefined && (container.verdict === 'outdated') !== outdated) return false;
  const text = search?.toLowerCase() ?? '';
  return container.name.toLowerCase().includes(text) || container.image.toLowerCase().includes(text);
}
