import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { containerId, request, update } from '../rig/api-client.ts';
import { type ProgramProcess, startProgramProcess } from '../rig/program-process.ts';
import { exec, namesAround, publishWeb, runContainer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';

let sandbox: Sandbox;
let program: ProgramProcess;
let dataDirectory: string;

beforeAll(async () => {
  sandbox = await startSandbox('hooks');
  dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-hooks-data-'));
  program = await startProgramProcess({ dataDirectory, dockerHost: sandbox.dockerHost });
});

afterAll(async () => {
  await program?.stop();
  await sandbox?.destroy();
  await rm(dataDirectory, { recursive: true, force: true });
});

const SECRET = 'correct-horse-battery';

async function runWithHooks(name: string, labels: Record<string, string>): Promise<string> {
  await publishWeb(sandbox, `${name}:stable`, 'v1');
  const id = await runContainer(sandbox.docker, {
    name,
    Image: `${sandbox.registryHost}/${name}:stable`,
    Env: [`DB_PASSWORD=${SECRET}`],
    Labels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [`docker-auto.hook.${key}`, value])),
    HostConfig: { Binds: [`${name}-data:/data`] },
  });
  await publishWeb(sandbox, `${name}:stable`, 'v2');
  return id;
}

const idOf = async (name: string) => (await sandbox.docker.getContainer(name).inspect()).Id;
const hookLines = (ended: { events: Array<{ step: string; state: string; cause: string }> }) =>
  ended.events.filter(({ step }) => step === 'hook').map(({ state, cause }) => `${state}: ${cause}`);

describe('the hooks of a container', () => {
  it('run in the old one before its stop and in the new one after its proof', async () => {
    await runWithHooks('hooked', {
      pre: 'echo "pre $APP_VERSION" >> /data/log; echo dumped',
      post: 'echo "post $APP_VERSION" >> /data/log',
    });

    const ended = await update(program, 'hooked', { soak: 0 });

    expect(ended).toMatchObject({ status: 'success' });
    expect(await exec(sandbox.docker, 'hooked', ['cat', '/data/log'])).toBe('pre v1\r\npost v2');
    expect(hookLines(ended)).toEqual(['done: The pre-update hook agreed.', 'done: The post-update hook has run.']);
    const steps = ended.events.map(({ step, state }: { step: string; state: string }) => `${step} ${state}`);
    expect(steps.indexOf('hook done')).toBeLessThan(steps.indexOf('stop started'));
  });

  it('are told by the plan', async () => {
    await runWithHooks('foretold', { pre: 'true', post: 'true' });
    const { data } = await request(program, 'GET', `/containers/${await containerId(program, 'foretold')}/plan`);
    const told = data.steps.map(({ step, action }: { step: string; action: string }) => `${step}: ${action}`);
    expect(told).toContain('stop: run the pre-update hook in foretold; exit code 75 skips the update');
    expect(told).toContain('commit: run the post-update hook in foretold');
  });

  it('skip the update with exit code 75, and nothing is touched', async () => {
    const id = await runWithHooks('busy', { pre: 'echo "a job is running"; exit 75' });

    const ended = await update(program, 'busy', { soak: 0 });

    expect(ended).toMatchObject({ status: 'cancelled', error_type: 'SkippedByHook' });
    expect(ended.message).toBe(
      'The pre-update hook of busy asked to skip this update (exit code 75: a job is running). busy was not touched.',
    );
    expect(await idOf('busy')).toBe(id);
    expect(await namesAround(sandbox.docker, 'busy')).toEqual(['busy']);
    const { total } = (await request(program, 'GET', '/quarantine')).data;
    expect(total).toBe(0);
  });

  it.each([
    [
      'fails',
      { pre: 'echo "cannot dump with $DB_PASSWORD" >&2; exit 3' },
      /failed \(exit code 3: cannot dump with \*+\)/,
    ],
    ['does not end in time', { pre: 'sleep 60', timeout: '2s' }, /failed \(it did not end in time/],
  ])('that %s before the stop holds the update back, and tells no secret', async (what, labels, message) => {
    const name = `refuses-${what.split(' ')[0]}`;
    const id = await runWithHooks(name, labels);

    const ended = await update(program, name, { soak: 0 });

    expect(ended).toMatchObject({ status: 'failed', error_type: 'HookFailed' });
    expect(ended.message).toMatch(message);
    expect(JSON.stringify(ended)).not.toContain(SECRET);
    expect(await idOf(name)).toBe(id);
  });

  it('that fails after the update changes nothing of it', async () => {
    const id = await runWithHooks('after', { post: 'exit 4' });

    const ended = await update(program, 'after', { soak: 0 });

    expect(ended).toMatchObject({ status: 'success' });
    expect(hookLines(ended)).toEqual(['failed: The post-update hook failed (exit code 4).']);
    expect(await idOf('after')).not.toBe(id);
  });

  it('for which the container has no shell is a failed one', async () => {
    await sandbox.publish('shell-less:stable', [
      'RUN ["rm", "/bin/sh"]',
      'STOPSIGNAL SIGKILL',
      'CMD ["sleep", "10000"]',
    ]);
    await runContainer(sandbox.docker, {
      name: 'shell-less',
      Image: `${sandbox.registryHost}/shell-less:stable`,
      Labels: { 'docker-auto.hook.pre': 'true' },
    });

    const ended = await update(program, 'shell-less', { soak: 0, force: true });

    expect(ended).toMatchObject({ status: 'failed', error_type: 'HookFailed' });
    expect(ended.message).toMatch(/pre-update hook of shell-less failed/);
  });
});
