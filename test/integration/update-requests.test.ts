import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type Docker from 'dockerode';
import { freePort } from '../../embedded/free-port.ts';
import { containerId, request, startUpdate, update, updateEnd } from '../rig/api-client.ts';
import { snapshotEngine } from '../rig/engine-snapshot.ts';
import { type ProgramProcess, startProgramProcess } from '../rig/program-process.ts';
import { exec, namesAround, pageAt, publishWeb, pull } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';

let sandbox: Sandbox;
let program: ProgramProcess;
let dataDirectory: string;

beforeAll(async () => {
  sandbox = await startSandbox('requests');
  dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-requests-data-'));
  program = await startProgramProcess({ dataDirectory, dockerHost: sandbox.dockerHost });
});

afterAll(async () => {
  await program?.stop();
  await sandbox?.destroy();
  await rm(dataDirectory, { recursive: true, force: true });
});

const ANONYMOUS_VOLUME = 'VOLUME /var/anonymous';
const CANNOT_START = 'ENTRYPOINT ["sh", "-c", "echo cannot start; exit 3"]';

/** A container of v1 that was created and not started, with v2 published since. @returns its port */
async function createOutdated(name: string, host: Docker.HostConfig = {}, second: string[] = []): Promise<number> {
  const image = `${sandbox.registryHost}/${name}:stable`;
  await publishWeb(sandbox, `${name}:stable`, 'v1', [ANONYMOUS_VOLUME]);
  await pull(sandbox.docker, image);
  await publishWeb(sandbox, `${name}:stable`, 'v2', [ANONYMOUS_VOLUME, ...second]);
  const port = await freePort();
  const PortBindings = { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] };
  await sandbox.docker.createContainer({
    name,
    Image: image,
    ExposedPorts: { '80/tcp': {} },
    HostConfig: { PortBindings, ...host },
  });
  return port;
}

async function runOutdated(name: string, host: Docker.HostConfig = {}, second: string[] = []): Promise<number> {
  const port = await createOutdated(name, host, second);
  await sandbox.docker.getContainer(name).start();
  // A started container's server listens a moment later.
  expect(await pageAt(port)).toBe('v1');
  return port;
}

const inspect = (name: string) => sandbox.docker.getContainer(name).inspect();

/** Waits until the update's timeline has a line such as `health started`. */
async function untilLine(updateId: string, line: string): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const { data } = await request(program, 'GET', `/updates/${updateId}`);
    if (data.events.some((event: { step: string; state: string }) => `${event.step} ${event.state}` === line)) return;
    await delay(50);
  }
  throw new Error(`update ${updateId} never said "${line}"`);
}

describe('requests', () => {
  it('for one container at the same time start one update; the others get its id', async () => {
    await runOutdated('wanted');
    const id = await containerId(program, 'wanted');

    const answers = await Promise.all(
      Array.from({ length: 4 }, () => request(program, 'POST', `/containers/${id}/update`, { soak: 1 })),
    );

    const codes = answers.map(({ code }) => code).sort();
    expect(codes).toEqual([202, 409, 409, 409]);
    expect(new Set(answers.map(({ data }) => data.update_id)).size).toBe(1);
    expect(await updateEnd(program, answers[0]?.data.update_id)).toMatchObject({ status: 'success' });
    const history = await request(program, 'GET', `/updates/history?container_id=${id}`);
    expect(history.data.total).toBe(1);
  });

  it('for a plan change nothing and tell steps, causes, differences and warnings', async () => {
    await runOutdated('planned', { RestartPolicy: { Name: 'unless-stopped' } });
    const id = await containerId(program, 'planned');
    const before = await snapshotEngine(sandbox.docker);

    const { code, data: plan } = await request(program, 'GET', `/containers/${id}/plan`);

    expect(code).toBe(200);
    expect(plan).toMatchObject({ container_name: 'planned', would_update: true, warnings: expect.any(Array) });
    const steps = plan.steps.map(({ step }: { step: string }) => step);
    expect(steps).toEqual([
      'inspect',
      'check',
      'gate',
      'backup',
      'pull',
      'create',
      'stop',
      'start',
      'health',
      'commit',
      'notify',
    ]);
    for (const { action, cause } of plan.steps)
      expect([action, cause]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);
    expect(plan.differences).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          path: expect.stringContaining('APP_VERSION'),
          before: expect.stringContaining('v1'),
          after: expect.stringContaining('v2'),
          cause: expect.stringMatching(/image/),
        }),
      ]),
    );
    expect(await snapshotEngine(sandbox.docker)).toEqual(before);
    const history = await request(program, 'GET', `/updates/history?container_id=${id}`);
    expect(history.data.total).toBe(0);
  });

  it('for another tag are shown in the list at once, before any check', async () => {
    await runOutdated('moved');
    await publishWeb(sandbox, 'moved:next', 'v3', [ANONYMOUS_VOLUME]);

    expect(await update(program, 'moved', { target: 'next', soak: 0 })).toMatchObject({ status: 'success' });

    const list = await request(program, 'GET', '/containers?name=moved&status=all');
    const after = await inspect('moved');
    expect(after.Config.Image).toBe(`${sandbox.registryHost}/moved:next`);
    expect(list.data.items).toEqual([
      expect.objectContaining({ image: after.Config.Image, tag: 'next', verdict: 'up_to_date', candidate: null }),
    ]);
  });

  it('for a cancel while the successor is watched bring the old one back', async () => {
    const port = await runOutdated('cancelled', { RestartPolicy: { Name: 'always' } });
    const before = await inspect('cancelled');
    const updateId = await startUpdate(program, 'cancelled', { soak: 60 });
    await untilLine(updateId, 'health started');
    expect(await pageAt(port)).toBe('v2');

    expect((await request(program, 'POST', `/updates/${updateId}/cancel`)).code).toBe(202);

    expect(await updateEnd(program, updateId)).toMatchObject({ status: 'cancelled' });
    expect(await pageAt(port)).toBe('v1');
    expect(await namesAround(sandbox.docker, 'cancelled')).toEqual(['cancelled']);
    const after = await inspect('cancelled');
    expect({ id: after.Id, policy: after.HostConfig.RestartPolicy }).toEqual({
      id: before.Id,
      policy: before.HostConfig.RestartPolicy,
    });
    const quarantine = await request(program, 'GET', '/quarantine');
    expect(JSON.stringify(quarantine.data)).not.toContain('cancelled');
    expect((await request(program, 'POST', `/updates/${updateId}/cancel`)).code).toBe(409);
  });

  it('for a pause hold the update before it changes anything, until it is resumed', async () => {
    // The pull of some megabytes gives the pause time to arrive.
    const port = await runOutdated('held', {}, ['RUN ["dd", "if=/dev/urandom", "of=/big", "bs=1M", "count=60"]']);
    const before = await inspect('held');
    const updateId = await startUpdate(program, 'held', { soak: 0 });
    expect((await request(program, 'POST', `/updates/${updateId}/pause`)).code).toBe(202);
    await delay(4_000);

    const { data: held } = await request(program, 'GET', `/updates/${updateId}`);
    expect(held.live).toMatchObject({ status: 'waiting', paused: true });
    expect((await request(program, 'GET', '/updates/history?status=waiting')).data.items).toEqual([
      expect.objectContaining({ id: updateId, status: 'waiting' }),
    ]);
    expect(held.events.map(({ step }: { step: string }) => step)).not.toContain('stop');
    expect((await inspect('held')).State.StartedAt).toBe(before.State.StartedAt);
    expect(await pageAt(port)).toBe('v1');

    expect((await request(program, 'POST', `/updates/${updateId}/resume`)).code).toBe(202);
    expect(await updateEnd(program, updateId)).toMatchObject({ status: 'success' });
    expect(await pageAt(port)).toBe('v2');
  });

  it('for a cancel while it is paused end the update with nothing left behind', async () => {
    const port = await runOutdated('undecided', {}, ['RUN ["dd", "if=/dev/urandom", "of=/big", "bs=1M", "count=60"]']);
    await containerId(program, 'undecided');
    const before = await snapshotEngine(sandbox.docker);
    const updateId = await startUpdate(program, 'undecided', { soak: 0 });
    await request(program, 'POST', `/updates/${updateId}/pause`);
    await delay(3_000);
    await request(program, 'POST', `/updates/${updateId}/cancel`);

    expect(await updateEnd(program, updateId)).toMatchObject({ status: 'cancelled' });
    expect(await snapshotEngine(sandbox.docker)).toEqual(before);
    expect(await pageAt(port)).toBe('v1');
  });
});

describe('a container', () => {
  it('that is stopped is updated and stays stopped', async () => {
    const port = await createOutdated('stopped');

    expect(await update(program, 'stopped', { soak: 1 })).toMatchObject({ status: 'success', downtime_ms: null });

    const after = await inspect('stopped');
    expect(after.State.Running).toBe(false);
    expect(after.Config.Env).toContain('APP_VERSION=v2');
    expect(await namesAround(sandbox.docker, 'stopped')).toEqual(['stopped']);
    await sandbox.docker.getContainer('stopped').start();
    expect(await pageAt(port)).toBe('v2');
  });

  it('that is paused is updated and paused again', async () => {
    const port = await runOutdated('frozen');
    await sandbox.docker.getContainer('frozen').pause();

    expect(await update(program, 'frozen', { soak: 0 })).toMatchObject({ status: 'success' });

    expect((await inspect('frozen')).State).toMatchObject({ Running: true, Paused: true });
    await sandbox.docker.getContainer('frozen').unpause();
    expect(await pageAt(port)).toBe('v2');
  });

  it('that is paused is paused again after a rollback as well', async () => {
    const port = await runOutdated('thawed', {}, [CANNOT_START]);
    const before = await inspect('thawed');
    await sandbox.docker.getContainer('thawed').pause();

    expect(await update(program, 'thawed', { soak: 1 })).toMatchObject({ status: 'rollback' });

    expect(await inspect('thawed')).toMatchObject({ Id: before.Id, State: { Running: true, Paused: true } });
    await sandbox.docker.getContainer('thawed').unpause();
    expect(await pageAt(port)).toBe('v1');
  });

  it('that removes itself when it stops is updated, with the data of its anonymous volume', async () => {
    const port = await runOutdated('fleeting', { AutoRemove: true });
    await exec(sandbox.docker, 'fleeting', ['sh', '-c', 'echo kept > /var/anonymous/file']);

    expect(await update(program, 'fleeting', { soak: 1 })).toMatchObject({ status: 'success', error_message: null });

    expect(await pageAt(port)).toBe('v2');
    expect(await exec(sandbox.docker, 'fleeting', ['cat', '/var/anonymous/file'])).toBe('kept');
    expect((await inspect('fleeting')).HostConfig.AutoRemove).toBe(true);
    expect(await namesAround(sandbox.docker, 'fleeting')).toEqual(['fleeting']);
  });

  it('that removes itself is made again from its backup when its new version fails, with the same data', async () => {
    const port = await runOutdated('vanishing', { AutoRemove: true }, [CANNOT_START]);
    const before = await inspect('vanishing');
    await exec(sandbox.docker, 'vanishing', ['sh', '-c', 'echo kept > /var/anonymous/file']);

    const ended = await update(program, 'vanishing', { soak: 2 });

    expect({ message: ended.message, status: ended.status }).toMatchObject({ status: 'rollback' });
    expect(await pageAt(port)).toBe('v1');
    expect(await exec(sandbox.docker, 'vanishing', ['cat', '/var/anonymous/file'])).toBe('kept');
    const after = await inspect('vanishing');
    expect(after).toMatchObject({ Image: before.Image, HostConfig: { AutoRemove: true } });
    expect(after.Mounts.map(({ Name }) => Name)).toEqual(before.Mounts.map(({ Name }) => Name));
    expect(await namesAround(sandbox.docker, 'vanishing')).toEqual(['vanishing']);
  });
});
