import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createDockerEngine } from '../../activities/docker/engine/docker-engine.ts';
import type { Engine } from '../../activities/docker/engine/engine.ts';
import { type PulledImage, pullImage } from '../../activities/docker/pull-image.ts';
import { PauseOrders } from '../drill/pauses.ts';
import { startUpdate, updateEnd } from '../rig/api-client.ts';
import { snapshotEngine } from '../rig/engine-snapshot.ts';
import { type ProgramProcess, startProgramProcess } from '../rig/program-process.ts';
import { publishWeb, runContainer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';

let sandbox: Sandbox;
let engine: Engine;

beforeAll(async () => {
  sandbox = await startSandbox('pulled');
  engine = createDockerEngine(sandbox.dockerHost);
});

afterAll(() => sandbox?.destroy());

/** One attempt of the activity. @returns its answer or failure, and what it told last by its heartbeat */
async function attempt(
  pullReference: string,
  options: { engine?: (env: MockActivityEnvironment) => Engine; remembered?: unknown } = {},
): Promise<{ pulled: PulledImage | null; told: unknown }> {
  const env = new MockActivityEnvironment(
    { heartbeatDetails: options.remembered },
    { logger: new DefaultLogger('ERROR', () => undefined) },
  );
  let told: unknown;
  env.on('heartbeat', (details: unknown) => {
    told = details;
  });
  const input = { pullReference, tagReference: null, imageId: null };
  const used = options.engine?.(env) ?? engine;
  const answer: unknown = await env.run(() => pullImage(used, async () => null, input)).catch(() => null);
  return { pulled: answer as PulledImage | null, told };
}

/** The engine, whose pull is cancelled just when it has brought the image. */
const cancelledAtItsEnd = (env: MockActivityEnvironment): Engine => ({
  ...engine,
  async pullImage(reference, options) {
    await engine.pullImage(reference, options);
    env.cancel();
    options.signal.throwIfAborted();
  },
});

describe('an image that was pulled', () => {
  it('by an attempt that died before it could say so is known as pulled by the next one', async () => {
    const reference = `${sandbox.registryHost}/lost@${await publishWeb(sandbox, 'lost:stable', 'v1')}`;
    const first = await attempt(reference);
    expect(first.pulled).toMatchObject({ alreadyPresent: false });

    expect((await attempt(reference, { remembered: first.told })).pulled).toMatchObject({
      imageId: first.pulled?.imageId,
      alreadyPresent: false,
    });
    // A heartbeat of a program that did not tell it yet says nothing.
    expect((await attempt(reference, { remembered: { bytesDone: 1, bytesTotal: 1 } })).pulled).toMatchObject({
      alreadyPresent: true,
    });
    expect((await attempt(reference)).pulled).toMatchObject({ alreadyPresent: true });
  });

  it('while the update was cancelled is given up', async () => {
    const reference = `${sandbox.registryHost}/late@${await publishWeb(sandbox, 'late:stable', 'v1')}`;
    const before = await snapshotEngine(sandbox.docker);

    expect((await attempt(reference, { engine: cancelledAtItsEnd })).pulled).toBeNull();

    expect(await snapshotEngine(sandbox.docker)).toEqual(before);
  });

  it('while the update was cancelled stays where somebody has given it a name meanwhile', async () => {
    const reference = `${sandbox.registryHost}/named@${await publishWeb(sandbox, 'named:stable', 'v1')}`;
    const naming = (env: MockActivityEnvironment): Engine => ({
      ...cancelledAtItsEnd(env),
      async inspectImage(asked) {
        const found = await engine.inspectImage(asked);
        if (found !== null) await engine.tagImage(found.Id, 'mine', 'own');
        return engine.inspectImage(asked);
      },
    });

    await attempt(reference, { engine: naming });

    expect(await engine.inspectImage('mine:own')).not.toBeNull();
  });

  it('by a program that was killed right then goes when its update is taken back', async () => {
    const image = `${sandbox.registryHost}/web:stable`;
    await publishWeb(sandbox, 'web:stable', 'v1');
    await runContainer(sandbox.docker, { name: 'web', Image: image });
    await publishWeb(sandbox, 'web:stable', 'v2', ['ENTRYPOINT ["sh", "-c", "exit 3"]']);
    const before = (await snapshotEngine(sandbox.docker)).images;
    const dataDirectory = mkdtempSync(path.join(os.tmpdir(), 'docker-auto-test-pulled-data-'));
    const options = { dataDirectory, dockerHost: sandbox.dockerHost };
    let program: ProgramProcess | null = null;
    try {
      const orders = new PauseOrders(dataDirectory);
      orders.order('web', { point: 'engine:pullImage', when: 'after' });
      program = await startProgramProcess({ ...options, script: 'test/drill/serve-with-pauses.ts' });
      const updateId = await startUpdate(program, 'web', { soak: 1 });
      for (let waited = 0; !orders.stands('web'); waited += 50) {
        if (waited > 30_000) throw new Error('the pull was never reached');
        await delay(50);
      }
      await program.kill();
      program = await startProgramProcess(options);

      expect(await updateEnd(program, updateId)).toMatchObject({ status: 'rollback' });

      expect((await snapshotEngine(sandbox.docker)).images).toEqual(before);
    } finally {
      await program?.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    }
  });
});
