import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gate } from './gate.ts';
import { refusal, ScriptedActivities } from './scripted-activities.ts';
import { OTHER_HOST_ID, startWorkflowRig, type WorkflowRig } from './workflow-rig.ts';

let rig: WorkflowRig;

beforeAll(async () => {
  rig = await startWorkflowRig();
});

afterAll(() => rig?.stop());

/** Scripts of updates that tell when they begin and end, and how many ran at the same time. */
class Course {
  readonly told: string[] = [];
  most = 0;
  #running = 0;

  script(name: string, during: () => Promise<void> = () => Promise.resolve()): ScriptedActivities {
    return new ScriptedActivities({
      openHistory: async (usual) => {
        this.#running += 1;
        this.most = Math.max(this.most, this.#running);
        this.told.push(`${name} begins`);
        return usual();
      },
      pullImage: async (usual) => {
        await during();
        return usual();
      },
      closeHistory: async (usual) => {
        this.#running -= 1;
        this.told.push(`${name} ends`);
        return usual();
      },
    });
  }
}

const states = ({ items }: { items: Array<{ state: string }> }) => items.map(({ state }) => state);

describe('a batch', () => {
  it('runs all of its updates, never more of one host at a time than it may', async () => {
    const course = new Course();
    const scripts = Array.from({ length: 9 }, (_, index) => course.script(`${index}`));

    const batch = await rig.startBatch(scripts, { maxParallel: 3 });
    const ended = await batch.result();

    expect(states(ended)).toEqual(Array.from({ length: 9 }, () => 'ended'));
    expect(course.told.filter((line) => line.endsWith('ends'))).toHaveLength(9);
    expect(course.most).toBe(3);
  });

  it('reckons the limit for each host', async () => {
    const { reached, reach, opened, open } = gate();
    const both = new Set<string>();
    const meet = (host: string) => async () => {
      both.add(host);
      if (both.size === 2) reach();
      await opened;
    };
    const course = new Course();

    const batch = await rig.startBatch(
      [course.script('here', meet('here')), course.script('here too'), course.script('there', meet('there'))],
      { maxParallel: 1, hosts: ['scripted', 'scripted', OTHER_HOST_ID] },
    );
    await reached;
    expect(states(await batch.progress())).toEqual(['running', 'queued', 'running']);
    open();

    expect(states(await batch.result())).toEqual(['ended', 'ended', 'ended']);
  });

  it('begins none before what it depends on has ended, although that failed', async () => {
    const course = new Course();
    const { reached, reach, opened, open } = gate();
    const script = new ScriptedActivities({
      openHistory: async (usual) => {
        course.told.push('db begins');
        return usual();
      },
      pullImage: async () => {
        reach();
        await opened;
        throw refusal('no such image');
      },
      closeHistory: async (usual) => {
        course.told.push('db ends');
        return usual();
      },
    });

    const batch = await rig.startBatch([course.script('app'), script], { maxParallel: 5, after: { 0: [1] } });
    await reached;
    expect((await batch.progress()).items).toMatchObject([
      { state: 'queued', why: `It waits for ${batch.names[1]}, which it depends on.` },
      { state: 'running', why: null },
    ]);
    open();
    await batch.result();

    expect(course.told).toEqual(['db begins', 'db ends', 'app begins', 'app ends']);
  });

  it('waits for a container that another update holds, without taking the turn of the others', async () => {
    const course = new Course();
    const { reached, reach, opened, open } = gate();
    let times = 0;
    const busy = course.script('busy', async () => {
      times += 1;
      if (times > 1) return;
      reach();
      await opened;
    });

    const batch = await rig.startBatch([busy, course.script('free'), course.script('free too')], {
      maxParallel: 1,
      async prepare({ names, startBeside }) {
        await startBeside(names[0] ?? '');
        await reached;
      },
    });
    while (course.told.filter((line) => line.startsWith('free') && line.endsWith('ends')).length < 2) await busy.idle();
    expect((await batch.progress()).items[0]).toMatchObject({
      state: 'held',
      why: expect.stringContaining('Another update holds this container'),
    });
    open();
    await batch.result();

    expect(course.told.filter((line) => line === 'busy begins')).toHaveLength(2);
    expect(course.told.at(-1)).toBe('busy ends');
  });

  it('that is cancelled begins no more, and lets those that run end by themselves', async () => {
    const { reached, reach, opened, open } = gate();
    const course = new Course();
    const running = course.script('first', async () => {
      reach();
      await opened;
    });

    const batch = await rig.startBatch([running, course.script('second'), course.script('third')], { maxParallel: 1 });
    await reached;
    await batch.cancel();
    expect(await batch.progress()).toMatchObject({ cancelRequested: true });
    open();
    const ended = await batch.result();

    expect(ended.items).toMatchObject([
      { state: 'ended' },
      { state: 'not_started', why: 'The batch was cancelled before its turn.' },
      { state: 'not_started' },
    ]);
    expect(course.told).toEqual(['first begins', 'first ends']);
    expect(running.count('commitSwap')).toBe(1);
  });

  it('passes over one that was terminated from outside', async () => {
    const { reached, reach, opened, open } = gate();
    const course = new Course();
    const lost = course.script('lost', async () => {
      reach();
      await opened;
    });

    const batch = await rig.startBatch([lost, course.script('next')], { maxParallel: 1 });
    await reached;
    await batch.terminate(0);
    const ended = await batch.result();
    open();

    expect(states(ended)).toEqual(['ended', 'ended']);
    expect(course.told).toEqual(['lost begins', 'next begins', 'next ends']);
  });
});
