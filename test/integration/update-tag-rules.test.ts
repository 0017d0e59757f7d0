import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { containerId, request, update, updateEnd } from '../rig/api-client.ts';
import { type ProgramProcess, startProgramProcess } from '../rig/program-process.ts';
import { publishWeb, runContainer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';

let sandbox: Sandbox;
let program: ProgramProcess;
let dataDirectory: string;

beforeAll(async () => {
  sandbox = await startSandbox('tags');
  dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-tags-data-'));
  program = await startProgramProcess({ dataDirectory, dockerHost: sandbox.dockerHost });
});

afterAll(async () => {
  await program?.stop();
  await sandbox?.destroy();
  await rm(dataDirectory, { recursive: true, force: true });
});

/** Runs a container of tag 1.0, whose registry has these tags besides by now. */
async function runTagged(name: string, Labels: Record<string, string>, newer: string[]): Promise<string> {
  await publishWeb(sandbox, `${name}:1.0`, '1.0');
  await runContainer(sandbox.docker, { name, Image: `${sandbox.registryHost}/${name}:1.0`, Labels });
  for (const tag of newer) await publishWeb(sandbox, `${name}:${tag}`, tag);
  return `${sandbox.registryHost}/${name}`;
}

async function checked(name: string): Promise<{ verdict: string; reason: string }> {
  const id = await containerId(program, name);
  const { data } = await request(program, 'GET', `/images/check?container_id=${id}&force=true`);
  return data.items[0];
}

const imageOf = async (name: string) => (await sandbox.docker.getContainer(name).inspect()).Config.Image;
const pageOf = async (name: string) =>
  (await sandbox.docker.getContainer(name).inspect()).Config.Labels['org.example.version'];

describe('a container whose label says by which rule its tag moves', () => {
  it('is checked, planned and updated to the tag that the rule finds, and goes back by hand', async () => {
    const image = await runTagged('shop', { 'docker-auto.tag-rule': 'semver:minor' }, [
      '1.1',
      '1.2-rc1',
      '2.0',
      '1.1-alpine',
    ]);

    expect(await checked('shop')).toMatchObject({ verdict: 'outdated', reason: expect.stringContaining('1.1 is') });
    const plan = await request(program, 'GET', `/containers/${await containerId(program, 'shop')}/plan`);
    expect(plan.data).toMatchObject({ would_update: true, candidate: { reference: `${image}:1.1` } });

    const ended = await update(program, 'shop', { soak: 0 });
    expect(ended).toMatchObject({ status: 'success', error_message: null, new_image: `${image}:1.1` });
    expect({ image: await imageOf('shop'), page: await pageOf('shop') }).toEqual({
      image: `${image}:1.1`,
      page: '1.1',
    });
    expect(await checked('shop')).toMatchObject({ verdict: 'up_to_date' });

    const back = await request(program, 'POST', `/updates/${ended.id}/rollback`, { soak: 0 });
    expect(await updateEnd(program, back.data.update_id)).toMatchObject({ status: 'success' });
    expect({ image: await imageOf('shop'), page: await pageOf('shop') }).toEqual({
      image: `${image}:1.0`,
      page: '1.0',
    });
  });

  it('is brought back when the tag that the rule found does not work', async () => {
    const image = await runTagged('bad', { 'docker-auto.tag-rule': 'semver:major' }, []);
    await publishWeb(sandbox, 'bad:3.0', '3.0', ['ENTRYPOINT ["sh", "-c", "exit 3"]']);

    expect(await update(program, 'bad', { soak: 1 })).toMatchObject({ status: 'rollback' });
    expect(await imageOf('bad')).toBe(`${image}:1.0`);
    expect(await checked('bad')).toMatchObject({ verdict: 'quarantined' });
  });

  it('stays where it is pinned, or where its label can’t be read, which the check says', async () => {
    await runTagged('held', { 'docker-auto.tag-rule': 'pinned' }, ['1.1']);
    await runTagged('mistyped', { 'docker-auto.tag-rule': 'pined' }, ['1.1']);

    expect(await checked('held')).toMatchObject({ verdict: 'pinned' });
    expect(await checked('mistyped')).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('is no tag rule'),
    });
    expect(await update(program, 'mistyped', { soak: 0 })).toMatchObject({
      status: 'failed',
      error_type: 'PolicyDenied',
    });
    expect(await pageOf('mistyped')).toBe('1.0');
  });

  it('moves as another tool’s label says', async () => {
    const image = await runTagged('moved', { 'wud.tag.include': '^\\d+\\.\\d+$', 'wud.tag.exclude': '^3' }, [
      '1.1',
      '2.0',
      '3.0',
      '2.0-beta',
    ]);
    expect(await update(program, 'moved', { soak: 0 })).toMatchObject({ status: 'success', error_message: null });
    expect(await imageOf('moved')).toBe(`${image}:2.0`);
  });

  it('is listed with the label that its policy comes from', async () => {
    const enable = 'com.centurylinklabs.watchtower.enable';
    await runTagged('foreign', { [enable]: 'true' }, []);
    await containerId(program, 'foreign');
    const { data } = await request(program, 'GET', '/containers?name=foreign');
    expect(data.items).toMatchObject([{ update_policy: 'auto', policy_origin: enable }]);
  });
});
