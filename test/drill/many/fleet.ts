import { publishWeb, runContainer } from '../../rig/sample-container.ts';
import type { Sandbox } from '../../rig/sandbox.ts';

/** One container of many, and what must have become of it. */
export interface Member {
  name: string;
  repository: string;
  expected: { status: 'success' | 'rollback'; page: 'v1' | 'v2' };
}

/** Several containers run the same image, as they do in the field; an update of one must not take it from another. */
const CONTAINERS_PER_IMAGE = { good: 3, bad: 1 };
const FAILING = ['CMD ["sh", "-c", "echo broken; exit 1"]'];

function members(updates: number, bad: number): Member[] {
  const every = Math.floor(updates / bad);
  const seen = { good: 0, bad: 0 };
  return Array.from({ length: updates }, (_, index): Member => {
    // The bad ones stand between the good ones.
    const kind = index % every === 1 && seen.bad < bad ? 'bad' : 'good';
    const repository = `${kind}${Math.floor(seen[kind] / CONTAINERS_PER_IMAGE[kind])}`;
    seen[kind] += 1;
    const expected: Member['expected'] =
      kind === 'bad' ? { status: 'rollback', page: 'v1' } : { status: 'success', page: 'v2' };
    return { name: `many${String(index).padStart(2, '0')}`, repository, expected };
  });
}

/**
 * Runs so many web servers of v1 and publishes what comes after: a v2 that works, for `bad` of them one that does not.
 */
export async function raiseFleet(sandbox: Sandbox, updates: number, bad: number): Promise<Member[]> {
  const fleet = members(updates, bad);
  const repositories = [...new Set(fleet.map(({ repository }) => repository))];
  for (const repository of repositories) await publishWeb(sandbox, `${repository}:stable`, 'v1');
  for (const { name, repository } of fleet) {
    await runContainer(sandbox.docker, {
      name,
      Image: `${sandbox.registryHost}/${repository}:stable`,
      Labels: { 'org.example.member': name },
      HostConfig: { RestartPolicy: { Name: 'unless-stopped' }, Binds: [`${name}-data:/data`] },
    });
  }
  for (const repository of repositories) {
    if (repository.startsWith('bad'))
      await sandbox.publish(`${repository}:stable`, [...FAILING, `LABEL of=${repository}`]);
    else await publishWeb(sandbox, `${repository}:stable`, 'v2', [`LABEL of=${repository}`]);
  }
  return fleet;
}
