import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CancelledFailure, Context } from '@temporalio/activity';
import type { UpdateEvent, UpdateResult } from '../../contracts/update.ts';
import { gate } from './gate.ts';
import { type ActivityName, refusal, ScriptedActivities } from './scripted-activities.ts';
import { type RunningUpdate, startWorkflowRig, type WorkflowRig } from './workflow-rig.ts';

let rig: WorkflowRig;

beforeAll(async () => {
  rig = await startWorkflowRig();
});

afterAll(() => rig?.stop());

const UNDOING: ActivityName[] = [
  'captureFailure',
  'retireSuccessor',
  'revivePredecessor',
  'removeSuccessor',
  'releaseImages',
];

const refuse = (message: string) => async () => {
  throw refusal(message);
};
/** Does its work and dies before it can say so. */
const doThenFail = async (usual: () => Promise<unknown>) => {
  await usual();
  throw refusal('died after its work was done');
};

describe('what a step may have done before it failed is undone', () => {
  const cases: Array<{ step: ActivityName; undone: ActivityName[]; outcome: string }> = [
    { step: 'sealBackup', undone: ['removeSuccessor', 'releaseImages'], outcome: 'failed' },
    { step: 'saveBackup', undone: ['removeSuccessor', 'releaseImages'], outcome: 'failed' },
    { step: 'pullImage', undone: ['releaseImages'], outcome: 'failed' },
    { step: 'createSuccessor', undone: ['removeSuccessor', 'releaseImages'], outcome: 'failed' },
    { step: 'replacePredecessor', undone: UNDOING, outcome: 'rollback' },
  ];

  it.each(cases)('$step: last step first', async ({ step, undone, outcome }) => {
    const script: ScriptedActivities = new ScriptedActivities({ [step]: doThenFail });

    const result = await (await rig.start(script)).result();

    expect({ message: result.message, outcome: result.outcome }).toMatchObject({ outcome });
    expect(result.message).toContain('died after its work was done');
    expect(script.order(...UNDOING)).toEqual(undone);
    expect(script.count('commitSwap')).toBe(0);
    expect(script.count('closeHistory')).toBe(1);
  });
});

describe('a rollback', () => {
  const unhealthy = async () => ({ verdict: 'unhealthy', reason: 'crashed', explanation: 'It crashed.' });

  it('goes on past its own failures and tells them', async () => {
    const script: ScriptedActivities = new ScriptedActivities({
      watchHealth: async (usual) => (script.count('revivePredecessor') === 0 ? unhealthy() : usual()),
      captureFailure: refuse('no log'),
      retireSuccessor: refuse('the successor does not stop'),
      removeSuccessor: refuse('the successor stays'),
    });

    const { result, events } = await ended(await rig.start(script));

    expect(script.order(...UNDOING)).toEqual(UNDOING);
    expect(result).toMatchObject({ outcome: 'rollback', errorType: 'crashed' });
    const told = events
      .filter(({ step }) => step === 'rollback')
      .map(({ cause }) => cause)
      .join(' ');
    expect(told).toContain('the successor does not stop');
    expect(told).toContain('the successor stays');
  });

  it('keeps both containers and says where they are when not even the old one comes back', async () => {
    const script: ScriptedActivities = new ScriptedActivities({ watchHealth: unhealthy });

    const result = await (await rig.start(script)).result();

    expect(result).toMatchObject({ outcome: 'failed', errorType: 'crashed' });
    expect(result.message).toContain('A person must look');
    expect(result.message).toMatch(
      /The old one is (web-\d+)\.previous-test \(exited\); the new one is \1 \(restarting\); the old image is kept as docker-auto-keep:test\./,
    );
    expect(script.count('removeSuccessor')).toBe(0);
    expect(script.count('releaseImages')).toBe(0);
  });

  it('tells the names to look for when it can not even be seen what is left', async () => {
    const script: ScriptedActivities = new ScriptedActivities({
      watchHealth: unhealthy,
      findWhatIsLeft: refuse('the engine says no'),
    });

    const result = await (await rig.start(script)).result();

    expect(result.outcome).toBe('failed');
    expect(result.message).toMatch(/one of the names (web-\d+), \1\.previous-[0-9a-f]{10} and \1\.next-[0-9a-f]{10}/);
  });

  it('makes a predecessor again that its engine took away, before it gives up', async () => {
    const removed = { verdict: 'unhealthy', reason: 'removed', explanation: 'It was removed by its engine.' };
    const script: ScriptedActivities = new ScriptedActivities({
      watchHealth: async (usual) => {
        const revivals = script.count('revivePredecessor');
        return revivals === 0 ? unhealthy() : revivals === 1 ? removed : usual();
      },
    });

    const result = await (await rig.start(script)).result();

    expect(result).toMatchObject({ outcome: 'rollback', errorType: 'crashed' });
    expect(script.count('revivePredecessor')).toBe(2);
  });

  it('waits for an engine that is away for as long as it takes', async () => {
    const script: ScriptedActivities = new ScriptedActivities({
      watchHealth: async (usual) => (script.count('revivePredecessor') === 0 ? unhealthy() : usual()),
      revivePredecessor: async (usual, attempt) => {
        if (attempt < 4) throw new Error('the engine is away');
        return usual();
      },
    });

    const result = await (await rig.start(script)).result();

    expect(result.outcome).toBe('rollback');
    expect(script.count('revivePredecessor')).toBe(4);
  });
});

describe('a pause', () => {
  it.each<{ during: ActivityName; next: ActivityName }>([
    { during: 'inspectContainer', next: 'sealBackup' },
    // Asked beside the workflow, which hears of the pause only afterwards.
    { during: 'resolveCandidate', next: 'createSuccessor' },
    { during: 'pullImage', next: 'createSuccessor' },
    { during: 'createSuccessor', next: 'replacePredecessor' },
  ])('during $during holds the update before $next', async ({ during, next }) => {
    const { reached, reach, opened, open } = gate();
    const script: ScriptedActivities = new ScriptedActivities({
      [during]: async (usual: () => Promise<unknown>) => {
        reach();
        await opened;
        return usual();
      },
    });

    const update = await rig.start(script);
    await reached;
    await update.signal('pause');
    open();
    await script.idle();
    expect(await update.progress()).toMatchObject({ status: 'waiting', paused: true });
    expect(script.count(next)).toBe(0);
    await update.signal('resume');
    const result = await update.result();

    expect(result.outcome).toBe('success');
  });

  it('and its end are stored for the lists, in their order, although the database was away meanwhile', async () => {
    const { reached, reach, opened, open } = gate();
    const script: ScriptedActivities = new ScriptedActivities({
      pullImage: async (usual) => {
        reach();
        await opened;
        return usual();
      },
      saveStatus: async (usual, attempt) => {
        if (attempt < 2) throw new Error('the database is away');
        return usual();
      },
    });

    const update = await rig.start(script);
    await reached;
    await update.signal('pause');
    await script.idle();
    await update.signal('resume');
    await script.idle();
    open();

    expect((await update.result()).outcome).toBe('success');
    const statuses = script.inputs('saveStatus').map((input) => (input as { status: string }).status);
    expect(statuses).toEqual(['waiting', 'waiting', 'running']);
  });

  it('that can not be stored holds up nothing', async () => {
    const script: ScriptedActivities = new ScriptedActivities({ saveStatus: refuse('the database is away for good') });
    const update = await rig.start(script);
    await update.signal('pause');
    await script.idle();
    await update.signal('resume');
    expect((await update.result()).outcome).toBe('success');
  });

  it('during replacePredecessor does not hold the update, for that would be an outage', async () => {
    const { reached, reach, opened, open } = gate();
    const script: ScriptedActivities = new ScriptedActivities({
      replacePredecessor: async (usual) => {
        reach();
        await opened;
        return usual();
      },
    });

    const update = await rig.start(script);
    await reached;
    await update.signal('pause');
    open();
    const result = await update.result();

    expect(result.outcome).toBe('success');
  });
});

describe('a cancel', () => {
  it('of which the step that it met knew nothing counts all the same', async () => {
    const { reached, reach, opened, open } = gate();
    const script: ScriptedActivities = new ScriptedActivities({
      watchHealth: async (usual) => {
        reach();
        await opened;
        return usual();
      },
    });

    const update = await rig.start(script);
    await reached;
    await update.signal('cancel');
    open();
    const result = await update.result();

    expect(result).toMatchObject({ outcome: 'cancelled' });
    expect(script.count('commitSwap')).toBe(0);
    expect(script.order(...UNDOING)).toEqual(UNDOING);
  });

  it('while the successor is watched brings the old one back, once the watch has ended', async () => {
    const { reached, reach } = gate();
    let watching = false;
    const script: ScriptedActivities = new ScriptedActivities({
      watchHealth: async (usual) => {
        if (script.count('retireSuccessor') > 0) return usual();
        watching = true;
        reach();
        await untilCancelled();
        watching = false;
        throw new CancelledFailure('the watch was told to stop');
      },
      retireSuccessor: async (usual) => {
        if (watching) throw refusal('the watch still runs');
        return usual();
      },
    });

    const update = await rig.start(script);
    await reached;
    await update.signal('cancel');
    const result = await update.result();

    expect(result).toMatchObject({ outcome: 'cancelled' });
    expect(result.message).toContain('is as it was');
    expect(script.order(...UNDOING)).toEqual(UNDOING);
  });

  it('while it is paused after the pull gives up what was pulled', async () => {
    const { reached, reach, opened, open } = gate();
    const script: ScriptedActivities = new ScriptedActivities({
      pullImage: async (usual) => {
        reach();
        await opened;
        return usual();
      },
    });

    const update = await rig.start(script);
    await reached;
    await update.signal('pause');
    open();
    await script.idle();
    await update.signal('cancel');
    const result = await update.result();

    expect(result).toMatchObject({ outcome: 'cancelled' });
    expect(script.count('createSuccessor')).toBe(0);
    expect(script.order(...UNDOING)).toEqual(['removeSuccessor', 'releaseImages']);
  });

  it('before its turn has come brings back nothing, for nothing was away', async () => {
    const { reached, reach, opened, open } = gate();
    const script: ScriptedActivities = new ScriptedActivities({
      replacePredecessor: async () => {
        reach();
        await opened;
        return { stoppedAtMs: 0, stopMs: 0, started: null, failure: null, untouched: true };
      },
    });

    const update = await rig.start(script);
    await reached;
    await update.signal('cancel');
    open();
    const result = await update.result();

    expect(result).toMatchObject({ outcome: 'cancelled' });
    expect(script.order(...UNDOING)).toEqual(['captureFailure', 'removeSuccessor', 'releaseImages']);
  });

  it('before anything was done leaves nothing to undo', async () => {
    const { reached, reach, opened, open } = gate();
    const script: ScriptedActivities = new ScriptedActivities({
      resolveCandidate: async (usual) => {
        reach();
        await opened;
        return usual();
      },
    });

    const update = await rig.start(script);
    await reached;
    await update.signal('cancel');
    const result = await update.result();
    open();

    expect(result).toMatchObject({ outcome: 'cancelled' });
    expect(script.order('sealBackup', 'pullImage', 'replacePredecessor', ...UNDOING)).toEqual([]);
  });

  it('comes too late once the commit has begun', async () => {
    const { reached, reach, opened, open } = gate();
    const script: ScriptedActivities = new ScriptedActivities({
      commitSwap: async (usual) => {
        reach();
        await opened;
        return usual();
      },
    });

    const update = await rig.start(script);
    await reached;
    await update.signal('cancel');
    open();
    const result = await update.result();

    expect(result.outcome).toBe('success');
    expect(script.order(...UNDOING)).toEqual([]);
  });
});

describe('a database that is away for a while', () => {
  it.each<ActivityName>(['openHistory', 'findQuarantine', 'saveBackup', 'recordEvents', 'closeHistory'])(
    '%s is tried again until it works',
    async (name) => {
      const script: ScriptedActivities = new ScriptedActivities({
        [name]: async (usual: () => Promise<unknown>, attempt: number) => {
          if (attempt < 4) throw new Error('the database is away');
          return usual();
        },
      });

      const result = await (await rig.start(script)).result();

      expect(result.outcome).toBe('success');
      expect(script.count(name)).toBe(4);
    },
  );
});

describe('a commit', () => {
  it('that can not tidy up is told, and the healthy service stays', async () => {
    const script: ScriptedActivities = new ScriptedActivities({ commitSwap: refuse('the old one can not be removed') });

    const { result, events } = await ended(await rig.start(script));

    expect(result.outcome).toBe('success');
    expect(events.find(({ step, state }) => step === 'commit' && state === 'done')?.cause).toContain(
      'the old one can not be removed',
    );
    expect(script.order(...UNDOING)).toEqual([]);
  });
});

/** The result of an update, and its timeline. */
async function ended(update: RunningUpdate): Promise<{ result: UpdateResult; events: UpdateEvent[] }> {
  const result = await update.result();
  return { result, events: (await update.progress()).events };
}

/** Resolves when the running activity is told to stop; it learns of it by its heartbeats. */
async function untilCancelled(): Promise<void> {
  const context = Context.current();
  const beating = setInterval(() => context.heartbeat(), 200);
  await new Promise<void>((resolve) => context.cancellationSignal.addEventListener('abort', () => resolve()));
  clearInterval(beating);
}
