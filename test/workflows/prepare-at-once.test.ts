import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PreparedSuccessor } from '../../activities/docker/prepare-successor.ts';
import { gate } from './gate.ts';
import { type ActivityName, refusal, ScriptedActivities } from './scripted-activities.ts';
import { startWorkflowRig, type WorkflowRig } from './workflow-rig.ts';

let rig: WorkflowRig;

beforeAll(async () => {
  rig = await startWorkflowRig();
});

afterAll(() => rig?.stop());

type Instead = ConstructorParameters<typeof ScriptedActivities>[0];

const PREPARING: ActivityName[] = ['prepareSuccessor', 'sealBackup', 'pullImage', 'createSuccessor'];
const UNDOING: ActivityName[] = ['removeSuccessor', 'releaseImages'];

/** Of a container that runs what its tag names on this host, as nearly all do. */
function script(instead: Instead = {}): ScriptedActivities {
  return new ScriptedActivities({
    inspectContainer: async (usual) => ({ ...((await usual()) as object), repoTags: ['web:stable'] }),
    ...instead,
  });
}

const without = (...steps: Array<'backup' | 'pulled' | 'created'>) => {
  return async (usual: () => Promise<unknown>): Promise<PreparedSuccessor> => {
    const prepared = (await usual()) as PreparedSuccessor;
    const nothing = { answer: null, failure: null };
    return { ...prepared, ...Object.fromEntries(steps.map((step) => [step, nothing])) };
  };
};

describe('all that can be done while the old one serves', () => {
  it('goes in one activity, and its three steps are told one after the other', async () => {
    const calls = script({
      prepareSuccessor: async (usual) => ({ ...((await usual()) as PreparedSuccessor), pullMs: 40 }),
    });

    const update = await rig.start(calls);

    expect(await update.result()).toMatchObject({ outcome: 'success' });
    expect(calls.order(...PREPARING)).toEqual(['prepareSuccessor']);
    expect(calls.order('prepareSuccessor', 'saveBackup', 'replacePredecessor')).toEqual([
      'prepareSuccessor',
      'saveBackup',
      'replacePredecessor',
    ]);
    const { events } = await update.progress();
    const lines = events
      .filter(({ step }) => ['backup', 'pull', 'create', 'stop'].includes(step))
      .map(({ step, state }) => `${step} ${state}`);
    expect([...lines].sort()).toEqual(
      ['backup', 'pull', 'create', 'stop'].flatMap((step) => [`${step} done`, `${step} started`]).sort(),
    );
    expect(lines.indexOf('pull done')).toBeLessThan(lines.indexOf('create started'));
    expect(lines.indexOf('backup done')).toBeLessThan(lines.indexOf('create started'));
    const times = events.map(({ at }) => Date.parse(at));
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  it('goes step by step where the tag is on another image, which undoing has to know', async () => {
    const calls = new ScriptedActivities();

    expect(await (await rig.start(calls)).result()).toMatchObject({ outcome: 'success' });

    expect(calls.order(...PREPARING).sort()).toEqual(['createSuccessor', 'pullImage', 'sealBackup']);
  });

  it.each<{ steps: Parameters<typeof without>; own: ActivityName[] }>([
    { steps: ['created'], own: ['createSuccessor'] },
    { steps: ['pulled', 'created'], own: ['pullImage', 'createSuccessor'] },
    { steps: ['backup', 'created'], own: ['sealBackup', 'createSuccessor'] },
    { steps: ['backup', 'pulled', 'created'], own: ['sealBackup', 'pullImage', 'createSuccessor'] },
  ])('is tried again step by step where $steps did not get through', async ({ steps, own }) => {
    const calls = script({ prepareSuccessor: without(...steps) });

    expect(await (await rig.start(calls)).result()).toMatchObject({ outcome: 'success' });

    expect(calls.order(...PREPARING).sort()).toEqual(['prepareSuccessor', ...own].sort());
    expect(own.map((name) => calls.count(name))).toEqual(own.map(() => 1));
  });

  it.each(['backup', 'pulled', 'created'] as const)('ends where %s can not be, and is undone', async (step) => {
    const failure = { type: 'CreateRejected', message: 'The engine says no.' };
    const calls = script({
      prepareSuccessor: async (usual) => ({
        ...((await usual()) as PreparedSuccessor),
        [step]: { answer: null, failure },
      }),
    });

    const result = await (await rig.start(calls)).result();

    expect(result).toMatchObject({ outcome: 'failed', errorType: 'CreateRejected' });
    expect(result.message).toContain('The engine says no.');
    expect(calls.order(...PREPARING)).toEqual(['prepareSuccessor']);
    expect(calls.order(...UNDOING, 'replacePredecessor')).toEqual(UNDOING);
  });

  it('is undone as well when nobody knows how far it came', async () => {
    const calls = script({
      prepareSuccessor: async (usual) => {
        await usual();
        throw refusal('died after its work was done');
      },
    });

    const result = await (await rig.start(calls)).result();

    expect(result).toMatchObject({ outcome: 'failed' });
    expect(calls.order(...UNDOING)).toEqual(UNDOING);
    // The tag was on the predecessor's image, and what was pulled may have been there before.
    expect(calls.inputs('removeSuccessor')).toMatchObject([
      { imageId: '', pulledHere: false, previousTagImageId: expect.stringContaining('sha256:') },
    ]);
  });

  it.each([
    // Asked beside the workflow, which hears of the pause only afterwards.
    { during: 'resolveCandidate', next: 'replacePredecessor' },
    { during: 'prepareSuccessor', next: 'replacePredecessor' },
  ] as const)('is held before $next by a pause during $during', async ({ during, next }) => {
    const { reached, reach, opened, open } = gate();
    const calls = script({
      [during]: async (usual: () => Promise<unknown>) => {
        reach();
        await opened;
        return usual();
      },
    });

    const update = await rig.start(calls);
    await reached;
    await update.signal('pause');
    open();
    await calls.idle();
    expect(await update.progress()).toMatchObject({ status: 'waiting', paused: true });
    expect(calls.count(next)).toBe(0);
    await update.signal('resume');

    expect(await update.result()).toMatchObject({ outcome: 'success' });
  });

  it('is taken back when a cancel comes meanwhile', async () => {
    const { reached, reach, opened, open } = gate();
    const calls = script({
      prepareSuccessor: async (usual) => {
        reach();
        await opened;
        return usual();
      },
    });

    const update = await rig.start(calls);
    await reached;
    await update.signal('cancel');
    open();

    expect(await update.result()).toMatchObject({ outcome: 'cancelled' });
    expect(calls.order(...UNDOING, 'createSuccessor', 'replacePredecessor')).toEqual(UNDOING);
    expect(calls.inputs('removeSuccessor')).toMatchObject([{ pulledHere: true }]);
  });
});
