import { describe, expect, it } from '@jest/globals';
import { type ContainerAround, decideLeftovers, type PastUpdate } from '../../domain/leftovers.ts';

const UID = '0123456789';
const OTHER = 'abcdef0123';
const up = (name: string, createdAt?: number): ContainerAround => ({
  id: `id-${name}`,
  name,
  running: true,
  ...(createdAt === undefined ? {} : { createdAt }),
});
const down = (name: string, createdAt?: number): ContainerAround => ({ ...up(name, createdAt), running: false });
const NEXT = `web.next-${UID}`;
const PREVIOUS = `web.previous-${UID}`;

/** The history of an update that did not end well, or of one that did. */
const unfinished = (predecessor: string, policy = 'unless-stopped'): PastUpdate => ({
  succeeded: false,
  predecessor: { containerId: `id-${predecessor}`, restartPolicy: { Name: policy, MaximumRetryCount: 0 } },
});
const succeeded: PastUpdate = { succeeded: true, predecessor: null };

function decide(...containers: ContainerAround[]) {
  return decideWith({}, ...containers);
}

function decideWith(pasts: Record<string, PastUpdate>, ...containers: ContainerAround[]) {
  const { actions, warnings } = decideLeftovers({
    containerName: 'web',
    containers,
    knownUids: new Set([UID, OTHER]),
    pasts: new Map(Object.entries(pasts)),
  });
  const steps = actions.map(
    (action) =>
      `${action.action} ${action.containerId.slice(3)}${action.action === 'rename' ? ` to ${action.newName}` : ''}`,
  );
  return { steps, warnings };
}

describe('what an unfinished update left', () => {
  it.each<[string, ContainerAround[], string[]]>([
    ['nothing, and the container serves', [up('web')], []],
    ['nothing at all', [], []],
    ['a successor that was never needed', [up('web'), down(NEXT)], [`remove ${NEXT}`]],
    ['a stopped predecessor and a fresh successor', [down('web'), down(NEXT)], [`remove ${NEXT}`, 'start web']],
    ['a stopped predecessor and a started successor', [down('web'), up(NEXT)], [`remove ${NEXT}`, 'start web']],
    [
      'a renamed predecessor and a successor',
      [down(PREVIOUS), up(NEXT)],
      [`remove ${NEXT}`, `rename ${PREVIOUS} to web`, `start ${PREVIOUS}`],
    ],
    ['a renamed predecessor alone', [down(PREVIOUS)], [`rename ${PREVIOUS} to web`, `start ${PREVIOUS}`]],
    [
      'a renamed predecessor that still runs',
      [up(PREVIOUS), down(NEXT)],
      [`remove ${NEXT}`, `rename ${PREVIOUS} to web`],
    ],
    [
      'only a successor, since the predecessor was auto-removed',
      [down(NEXT)],
      [`rename ${NEXT} to web`, `start ${NEXT}`],
    ],
    ['a swap that was done and serves', [up('web'), down(PREVIOUS)], [`remove ${PREVIOUS}`]],
    [
      'a swap that was done and failed',
      [down('web'), down(PREVIOUS)],
      ['remove web', `rename ${PREVIOUS} to web`, `start ${PREVIOUS}`],
    ],
    [
      'two successors',
      [up('web'), down(NEXT), down(`web.next-${OTHER}`)],
      [`remove ${NEXT}`, `remove web.next-${OTHER}`],
    ],
    [
      'two successors alone: the running one takes over',
      [down(NEXT, 9), up(`web.next-${OTHER}`, 1)],
      [`remove ${NEXT}`, `rename web.next-${OTHER} to web`],
    ],
    [
      'two successors alone whose times are not known',
      [down(NEXT), down(`web.next-${OTHER}`)],
      [`remove web.next-${OTHER}`, `rename ${NEXT} to web`, `start ${NEXT}`],
    ],
    [
      'two predecessors: the newest comes back, the other stays',
      [down(PREVIOUS, 1), down(`web.previous-${OTHER}`, 2)],
      [`rename web.previous-${OTHER} to web`, `start web.previous-${OTHER}`],
    ],
  ])('%s', (_what, containers, steps) => expect(decide(...containers).steps).toEqual(steps));

  it('is left alone when no update of ours has its id', () => {
    const { steps, warnings } = decide(
      up('web'),
      down('web.next-ffffffffff'),
      down('webshop.next-0123456789'),
      down('web.old'),
    );
    expect(steps).toEqual([]);
    expect(warnings).toEqual([
      'web.next-ffffffffff looks like part of an update, but no update of ours has that id; it was left alone. Remove it by hand if it is not needed.',
    ]);
  });

  it('warns that the restart policy may have been changed for the swap', () => {
    expect(decide(down(PREVIOUS)).warnings).toEqual([
      'web is back from an unfinished update; its restart policy may have been set to "no" for the swap; look at it.',
    ]);
  });

  it.each<[string, ContainerAround[], string, string[]]>([
    [
      'renamed away',
      [down(PREVIOUS), down(NEXT)],
      PREVIOUS,
      [`remove ${NEXT}`, `rename ${PREVIOUS} to web`, `start ${PREVIOUS}`, `restart-policy ${PREVIOUS}`],
    ],
    ['only stopped', [down('web'), down(NEXT)], 'web', [`remove ${NEXT}`, 'start web', 'restart-policy web']],
    ['not even stopped', [up('web'), down(NEXT)], 'web', [`remove ${NEXT}`, 'restart-policy web']],
  ])('gives a predecessor that was %s the restart policy of its backup back', (_what, around, predecessor, steps) => {
    expect(decideWith({ [UID]: unfinished(predecessor) }, ...around)).toEqual({ steps, warnings: [] });
  });

  it('leaves a restart policy alone that is not the "no" of the swap, or that never was another', () => {
    const changed = { ...down(PREVIOUS), restartPolicy: 'always' };
    const back = [`rename ${PREVIOUS} to web`, `start ${PREVIOUS}`];
    expect(decideWith({ [UID]: unfinished(PREVIOUS) }, changed)).toEqual({ steps: back, warnings: [] });
    expect(decideWith({ [UID]: unfinished(PREVIOUS, 'no') }, down(PREVIOUS))).toEqual({ steps: back, warnings: [] });
  });

  it('never brings a predecessor back whose update succeeded, though what took over does not run', () => {
    expect(decideWith({ [UID]: succeeded }, down('web'), down(PREVIOUS))).toEqual({
      steps: [`remove ${PREVIOUS}`],
      warnings: [],
    });
    expect(decideWith({ [UID]: succeeded }, down('web'), up(PREVIOUS)).steps).toEqual([`remove ${PREVIOUS}`]);
  });

  it('touches nothing when the container that took over is gone, and says so', () => {
    const { steps, warnings } = decideWith({ [UID]: succeeded }, down(PREVIOUS));
    expect(steps).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('the container that took over from it is gone')]);
  });

  it('tells the rubbish of an update that succeeded from the predecessor of one that did not', () => {
    const previous = `web.previous-${OTHER}`;
    const pasts = { [UID]: succeeded, [OTHER]: unfinished(previous) };
    expect(decideWith(pasts, down('web'), down(PREVIOUS), down(previous))).toEqual({
      steps: [
        `remove ${PREVIOUS}`,
        'remove web',
        `rename ${previous} to web`,
        `start ${previous}`,
        `restart-policy ${previous}`,
      ],
      warnings: [],
    });
  });

  it('says of every action why', () => {
    const { actions } = decideLeftovers({
      containerName: 'web',
      containers: [down(PREVIOUS), up(NEXT)],
      knownUids: new Set([UID]),
    });
    expect(actions.map(({ cause }) => cause)).toEqual([
      `Removed ${NEXT}: it never proved itself, and its predecessor is still there.`,
      `Renamed ${PREVIOUS} to web: it was kept for this case.`,
      'Started web: the unfinished update had stopped it.',
    ]);
  });

  it('always ends with exactly one container of the name where there was any of ours', () => {
    const states = (name: string) => [null, up(name), down(name)];
    for (const owner of states('web')) {
      for (const next of states(NEXT)) {
        for (const previous of states(PREVIOUS)) {
          const there = [owner, next, previous].filter((container) => container !== null);
          const left = new Map(there.map((container) => [container.id, { ...container }]));
          const { actions } = decideLeftovers({ containerName: 'web', containers: there, knownUids: new Set([UID]) });
          for (const action of actions) {
            const container = left.get(action.containerId);
            if (container === undefined) throw new Error(`${action.action} of a container that is gone`);
            if (action.action === 'remove') left.delete(action.containerId);
            if (action.action === 'rename') container.name = action.newName;
            if (action.action === 'start') container.running = true;
          }
          expect([...left.values()].map(({ name }) => name)).toEqual(there.length === 0 ? [] : ['web']);
          const alone = there.length === 1 && owner !== null;
          if (!alone) for (const container of left.values()) expect(container.running).toBe(true);
        }
      }
    }
  });
});
