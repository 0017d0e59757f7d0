import { type Answer, type ReachableApi, request } from '../../rig/api-client.ts';
import { namesAround } from '../../rig/sample-container.ts';
import type { Sandbox } from '../../rig/sandbox.ts';
import type { Member } from './fleet.ts';

interface BatchedUpdate {
  update_id: string;
  container_name: string;
  state: string;
}

/** What the container serves at its own address, or null. */
async function pageOf(sandbox: Sandbox, name: string): Promise<string | null> {
  const { NetworkSettings } = await sandbox.docker.getContainer(name).inspect();
  try {
    const url = `http://${NetworkSettings.Networks.bridge?.IPAddress}/`;
    return await (await fetch(url, { signal: AbortSignal.timeout(5_000) })).text();
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return null;
    throw error;
  }
}

async function faultsOfContainer(sandbox: Sandbox, { name, repository, expected }: Member): Promise<string[]> {
  const names = await namesAround(sandbox.docker, name);
  if (names.join() !== name) return [`${name}: containers of the name: ${names.join(', ') || 'none'}`];
  const faults: string[] = [];
  const page = await pageOf(sandbox, name);
  if (page !== expected.page) faults.push(`${name} serves ${page} instead of ${expected.page}`);
  const { HostConfig, Config, RestartCount } = await sandbox.docker.getContainer(name).inspect();
  if (HostConfig.RestartPolicy?.Name !== 'unless-stopped')
    faults.push(`${name} has restart policy ${HostConfig.RestartPolicy?.Name}`);
  if (HostConfig.Binds?.join() !== `${name}-data:/data`) faults.push(`${name} has binds ${HostConfig.Binds?.join()}`);
  if (Config.Labels['org.example.member'] !== name) faults.push(`${name} lost its label`);
  if (Config.Image !== `${sandbox.registryHost}/${repository}:stable`) faults.push(`${name} is of ${Config.Image}`);
  if (RestartCount > 0) faults.push(`${name} was restarted ${RestartCount} times`);
  return faults;
}

/** That a row of the history has ended, tells what is so, and has a timeline without gaps that says the same. */
function faultsOfHistory({ name, expected }: Member, update: Answer['data'], batchId: string): string[] {
  const faults: string[] = [];
  if (update.status !== expected.status) faults.push(`ended as ${update.status}: ${update.message}`);
  if (update.completed_at === null) faults.push('has no end');
  if (update.batch_id !== batchId || update.triggered_by !== 'batch')
    faults.push('does not say that it was of the batch');
  if (update.downtime_ms === null) faults.push('tells no downtime');
  const events = update.events as Array<{ seq: number; step: string; state: string }>;
  if (events.some(({ seq }, index) => seq !== index + 1)) faults.push('has a timeline with gaps');
  const told = events.map(({ step, state }) => `${step} ${state}`);
  if (told.at(-1) !== 'notify done') faults.push(`has a timeline that ends with ${told.at(-1)}`);
  const committed = told.includes('commit done');
  if (committed !== (expected.status === 'success')) faults.push('has a timeline that tells another outcome');
  return faults.map((fault) => `the history of ${name} ${fault}`);
}

/** What updates leave behind when they forget something: containers, kept tags, images that nobody runs. */
async function leftovers(sandbox: Sandbox, fleet: readonly Member[]): Promise<string[]> {
  const faults: string[] = [];
  const containers = await sandbox.docker.listContainers({ all: true });
  if (containers.length !== fleet.length) faults.push(`${containers.length} containers instead of ${fleet.length}`);
  const used = new Set(containers.map(({ ImageID }) => ImageID));
  for (const { Id, RepoTags, Labels } of await sandbox.docker.listImages()) {
    const kept = (RepoTags ?? []).filter((tag) => tag.startsWith('docker-auto-keep:'));
    if (kept.length > 0) faults.push(`kept tags are left: ${kept.join(', ')}`);
    const known = `${(RepoTags ?? []).join(', ')} ${JSON.stringify(Labels)} ${Id}`;
    if (!used.has(Id)) faults.push(`an image that nobody runs is left: ${known}`);
  }
  return faults;
}

/** How many of these updates ran at the same time at most, by their own account. */
function mostAtOnce(updates: ReadonlyArray<{ started_at: string; completed_at: string }>): number {
  const starts = updates.map(({ started_at }) => Date.parse(started_at));
  const running = (at: number) =>
    updates.filter(({ started_at, completed_at }) => Date.parse(started_at) <= at && at < Date.parse(completed_at))
      .length;
  return Math.max(...starts.map(running));
}

/** Everything that is not as it must be once a batch has ended. */
export async function judgeFleet(
  sandbox: Sandbox,
  program: ReachableApi,
  { fleet, batchId, maxParallel }: { fleet: readonly Member[]; batchId: string; maxParallel: number },
): Promise<string[]> {
  const { data: batch } = await request(program, 'GET', `/updates/batch/${batchId}`);
  const updates = new Map((batch.updates as BatchedUpdate[]).map((update) => [update.container_name, update]));
  const faults = [...(batch.running ? ['the batch has not ended'] : []), ...(await leftovers(sandbox, fleet))];
  const rows: Answer['data'][] = [];
  for (const member of fleet) {
    const id = updates.get(member.name)?.update_id;
    const row = (await request(program, 'GET', `/updates/${id}`)).data;
    if (row === null) {
      faults.push(`${member.name} has no history; its state is ${updates.get(member.name)?.state}`);
      continue;
    }
    rows.push(row);
    faults.push(...faultsOfHistory(member, row, batchId), ...(await faultsOfContainer(sandbox, member)));
  }
  const most = mostAtOnce(rows);
  if (most > maxParallel) faults.push(`${most} updates ran at the same time; ${maxParallel} may`);
  return faults;
}
