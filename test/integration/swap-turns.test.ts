import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request, startUpdate, updateEnd } from '../rig/api-client.ts';
import { snapshotEngine } from '../rig/engine-snapshot.ts';
import { type ProgramProcess, startProgramProcess } from '../rig/program-process.ts';
import { exec, publishWeb, runContainer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';

let sandbox: Sandbox;
let program: ProgramProcess;
let dataDirectory: string;

beforeAll(async () => {
  sandbox = await startSandbox('turns');
  dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-turns-data-'));
  program = await startProgramProcess({ dataDirectory, dockerHost: sandbox.dockerHost });
});

afterAll(async () => {
  await program?.stop();
  await sandbox?.destroy();
  await rm(dataDirectory, { recursive: true, force: true });
});

/** Healthy only after that many seconds. */
const healthyAfter = (seconds: number) => [
  `HEALTHCHECK --interval=1s --timeout=2s --retries=60 CMD test $(cut -d. -f1 /proc/uptime) -ge $(($(cat /since) + ${seconds}))`,
  'ENTRYPOINT ["sh", "-c", "cut -d. -f1 /proc/uptime > /since; exec \\"$@\\"", "entry"]',
];

async function runOutdated(name: string, second: string[] = [], Labels: Record<string, string> = {}): Promise<void> {
  await publishWeb(sandbox, `${name}:stable`, 'v1');
  await runContainer(sandbox.docker, { name, Image: `${sandbox.registryHost}/${name}:stable`, Labels });
  await publishWeb(sandbox, `${name}:stable`, 'v2', second);
}

type Line = { step: string; state: string; cause: string; at: string };

async function detail(
  updateId: string,
): Promise<{ events: Line[]; live: { waiting_for: { reason: string } | null } | null }> {
  return (await request(program, 'GET', `/updates/${updateId}`)).data;
}

async function until<Answer>(ask: () => Promise<Answer>, isSo: (answer: Answer) => boolean): Promise<Answer> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    await delay(50);
  }
  throw new Error('it never was so');
}

/** Starts an update and waits until its new container runs and is watched. */
async function swapped(name: string): Promise<string> {
  const updateId = await startUpdate(program, name, { soak: 4 });
  const isWatched = ({ events }: { events: Line[] }) =>
    events.some(({ step, state }) => step === 'health' && state === 'started');
  await until(() => detail(updateId), isWatched);
  return updateId;
}

const waits = (updateId: string) =>
  until(
    () => detail(updateId),
    ({ live }) => live?.waiting_for !== null && live !== null,
  );

const isRunning = async (name: string) => (await sandbox.docker.getContainer(name).inspect()).State.Running;
const timeOf = ({ events }: { events: Line[] }, step: string, state: string) =>
  Date.parse(events.find((line) => line.step === step && line.state === state)?.at ?? '');

describe('while a new container is not healthy yet', () => {
  it('the next one of its host is got ready and goes on serving, and says what it waits for', async () => {
    await Promise.all([runOutdated('slow', healthyAfter(6)), runOutdated('next')]);
    const slow = await swapped('slow');

    const next = await startUpdate(program, 'next', { soak: 0 });
    expect((await waits(next)).live?.waiting_for?.reason).toBe(
      'All is ready; another container of this host is swapped first.',
    );
    expect(await isRunning('next')).toBe(true);

    const ended = await updateEnd(program, next);
    expect(ended).toMatchObject({ status: 'success' });
    expect(ended.events.find((line: Line) => line.step === 'stop' && line.state === 'done').cause).toMatch(
      /^It waited \d+ s for its turn\. Stopped/,
    );
    expect(ended.downtime_ms).toBeLessThan(4_000);
    const first = await updateEnd(program, slow);
    expect(first).toMatchObject({ status: 'success' });
    const healthSeconds = (timeOf(first, 'health', 'done') - timeOf(first, 'health', 'started')) / 1000;
    // Healthy after 6 s and watched for 4 more, in which the next one had its turn.
    expect(healthSeconds).toBeGreaterThan(9);
    expect(timeOf(ended, 'start', 'started')).toBeLessThan(timeOf(first, 'health', 'done'));
    expect(timeOf(ended, 'start', 'started') - timeOf(first, 'health', 'started')).toBeGreaterThan(4_000);
  });

  it('a hook of the next one does not run before its turn, and a cancel takes it back untouched', async () => {
    await Promise.all([
      runOutdated('slower', healthyAfter(8)),
      runOutdated('hooked', [], { 'docker-auto.hook.pre': 'touch /ran' }),
    ]);
    const slower = await swapped('slower');
    const before = await snapshotEngine(sandbox.docker);

    const hooked = await startUpdate(program, 'hooked', { soak: 0 });
    await waits(hooked);
    expect(await exec(sandbox.docker, 'hooked', ['ls', '/'])).not.toContain('ran');
    await request(program, 'POST', `/updates/${hooked}/cancel`);

    expect(await updateEnd(program, hooked)).toMatchObject({ status: 'cancelled' });
    expect(await exec(sandbox.docker, 'hooked', ['ls', '/'])).not.toContain('ran');
    expect((await snapshotEngine(sandbox.docker)).images).toEqual(before.images);
    expect(await updateEnd(program, slower)).toMatchObject({ status: 'success' });
  });

  it('a cancel of the next one leaves it alone: it is not even started anew', async () => {
    await Promise.all([runOutdated('slowest', healthyAfter(8)), runOutdated('plain')]);
    const slowest = await swapped('slowest');
    const before = await sandbox.docker.getContainer('plain').inspect();

    const plain = await startUpdate(program, 'plain', { soak: 0 });
    await waits(plain);
    await request(program, 'POST', `/updates/${plain}/cancel`);

    const ended = await updateEnd(program, plain);
    expect(ended).toMatchObject({ status: 'cancelled' });
    expect(ended.events.map(({ cause }: Line) => cause).join(' ')).not.toContain('was started again');
    const after = await sandbox.docker.getContainer('plain').inspect();
    expect({ id: after.Id, since: after.State.StartedAt, policy: after.HostConfig.RestartPolicy }).toEqual({
      id: before.Id,
      since: before.State.StartedAt,
      policy: before.HostConfig.RestartPolicy,
    });
    expect(await updateEnd(program, slowest)).toMatchObject({ status: 'success' });
  });

  it('one that fails gives the turn on at once', async () => {
    await Promise.all([
      runOutdated('broken', ['HEALTHCHECK --interval=1s --retries=4 CMD false']),
      runOutdated('patient'),
    ]);
    const broken = await startUpdate(program, 'broken', { soak: 0 });
    await until(
      () => detail(broken),
      ({ events }) => events.some(({ step, state }) => step === 'health' && state === 'started'),
    );

    const patient = await startUpdate(program, 'patient', { soak: 0 });

    expect(await updateEnd(program, patient)).toMatchObject({ status: 'success' });
    expect(await updateEnd(program, broken)).toMatchObject({ status: 'rollback' });
  });
});
