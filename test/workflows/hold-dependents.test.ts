import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DependentFacts } from '../../activities/docker/container-relations.ts';
import { EMPTY_LAYER } from '../../domain/writable-layer/judge-layer.ts';
import { gate } from './gate.ts';
import { ScriptedActivities } from './scripted-activities.ts';
import { startWorkflowRig, type WorkflowRig } from './workflow-rig.ts';

let rig: WorkflowRig;

beforeAll(async () => {
  rig = await startWorkflowRig();
});

afterAll(() => rig?.stop());

function dependent(name: string, height: number): DependentFacts {
  return {
    containerId: `id-of-${name}`,
    name,
    why: 'uses the network of another',
    height,
    stopsFirst: true,
    imageId: 'sha256:1',
    imageReference: 'web:stable',
    running: true,
    paused: false,
    unhealthy: false,
    autoRemove: false,
    healthDeadlineSeconds: null,
    restartPolicy: { Name: 'no' },
    writableLayerPolicy: 'carry',
    writableLayer: EMPTY_LAYER,
    protectedAs: null,
  };
}

describe('two updates whose containers hang on each other', () => {
  it('never wait for each other: what both need is taken in one order', async () => {
    // `a` hangs on the middle one, and that on the first: both updates make `a` again.
    const { reached, reach, opened, open } = gate();
    const middle: ScriptedActivities = new ScriptedActivities({
      inspectContainer: async (usual) => ({ ...(await facts(usual)), dependents: [dependent('a', 0)] }),
      findQuarantine: async (usual) => {
        reach();
        await opened;
        return usual();
      },
    });
    const middleUpdate = await rig.start(middle);
    await reached;
    const { containerName } = await middleUpdate.progress();
    const first: ScriptedActivities = new ScriptedActivities({
      inspectContainer: async (usual) => ({
        ...(await facts(usual)),
        dependents: [dependent(containerName, 1), dependent('a', 0)],
      }),
    });
    const firstUpdate = await rig.start(first);
    await first.idle();
    expect((await firstUpdate.progress()).events.at(-1)?.cause).toContain(`${containerName} is being updated itself`);
    open();

    expect((await middleUpdate.result()).outcome).toBe('success');
    expect((await firstUpdate.result()).outcome).toBe('success');
  });
});

async function facts(usual: () => Promise<unknown>): Promise<object> {
  return (await usual()) as object;
}
