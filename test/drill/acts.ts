import { setTimeout as delay } from 'node:timers/promises';
import { FOREIGNERS } from './blows/foreigners.ts';
import { FULL_DISK } from './blows/full-disk.ts';
import { PEOPLE } from './blows/people.ts';
import { LARGE_IMAGE, REGISTRY_DEATH, untilMidPull } from './blows/registry.ts';
import { VICTIMS, type Victim } from './blows/victims.ts';
import type { DrillCase } from './drill-case.ts';
import { CALL_KILLS, type KillPoint, STEP_KILLS } from './kill-points.ts';
import { type Kind, type NewVersion, PLAIN, type Restart } from './kinds.ts';
import type { RoundOptions } from './round.ts';
import type { StageOptions } from './stage.ts';

/** Rounds of one theme on one stage. */
export interface Act {
  name: string;
  stage: StageOptions;
  rounds: Array<{ cases: DrillCase[] } & Pick<RoundOptions, 'headStart'>>;
}

/** Updates that stand still at the same time, and so meet the same blow. */
const TOGETHER = 24;
/** Enough for an engine call to have begun and not to have ended. */
const WITHIN_A_CALL_MS = 15;
const SMALL_DISK_MB = 512;

function inRounds(cases: DrillCase[], together = TOGETHER): Act['rounds'] {
  return Array.from({ length: Math.ceil(cases.length / together) }, (_, index) => ({
    cases: cases.slice(index * together, (index + 1) * together),
  }));
}

/** Dies before and after every step and engine call; where its own work is cut off, also in the middle of the calls. */
function deathAct(victim: Victim): Act {
  const blow = VICTIMS[victim];
  const rounds = inRounds([...STEP_KILLS, ...CALL_KILLS].map((at) => ({ at, blow })));
  const withinCalls = CALL_KILLS.filter(({ when }) => when === 'before').map((at) => ({ at, blow }));
  return {
    name: victim,
    stage: {},
    rounds:
      victim === 'engine' || victim === 'machine'
        ? [...rounds, { cases: withinCalls, headStart: () => delay(WITHIN_A_CALL_MS) }]
        : rounds,
  };
}

const pointAt = (point: string, version: KillPoint['version'], when: KillPoint['when'] = 'before'): KillPoint => {
  const found = [...STEP_KILLS, ...CALL_KILLS].find(
    (kill) => kill.point === point && kill.version === version && kill.when === when,
  );
  if (found === undefined) throw new Error(`there is no kill point ${when} ${point}, new version ${version}`);
  return found;
};

/** Where it matters what a container is like: who brings it back, and whether it is still there at all. */
const TELLING_POINTS: KillPoint[] = [
  pointAt('engine:createContainer', 'works'),
  pointAt('engine:renameContainer#1', 'works'),
  pointAt('watchHealth', 'works'),
  pointAt('revivePredecessor', 'fails', 'after'),
];

const TELLING_KINDS: Array<Partial<Kind>> = [
  ...(['no', 'unless-stopped', 'on-failure', 'rm'] satisfies Restart[]).map((restart) => ({ restart })),
  { state: 'paused' },
  { restart: 'rm', volume: 'anonymous' },
  { restart: 'unless-stopped', healthcheck: true },
];

/** On the way forward of a new version that will fail: what was done there must be undone in spite of a lost answer. */
const BAD_FORWARD: Array<{ newVersion: NewVersion; at: KillPoint }> = (
  ['exits', 'unhealthy', 'refused'] satisfies NewVersion[]
).flatMap((newVersion) =>
  [
    pointAt('engine:pullImage', 'works', 'after'),
    pointAt('prepareSuccessor', 'works', 'after'),
    pointAt('replacePredecessor', 'works'),
    pointAt('engine:startContainer', 'works'),
    ...(newVersion === 'refused' ? [] : [pointAt('watchHealth', 'works')]),
  ].map((at) => ({ newVersion, at: { ...at, version: 'fails' } })),
);

function kindsAct(victim: Victim): Act {
  const cases: DrillCase[] = [
    ...TELLING_KINDS.flatMap((special) =>
      TELLING_POINTS.map((at) => {
        const newVersion = at.version === 'works' ? 'works' : 'exits';
        return { at, blow: VICTIMS[victim], kind: { ...PLAIN, newVersion, ...special } } as const;
      }),
    ),
    ...BAD_FORWARD.map(({ newVersion, at }) => ({ at, blow: VICTIMS[victim], kind: { ...PLAIN, newVersion } })),
  ];
  return { name: `kinds-${victim}`, stage: {}, rounds: inRounds(cases) };
}

const MID_PULL: Act = {
  name: 'mid-pull',
  stage: {},
  rounds: [REGISTRY_DEATH, ...Object.values(VICTIMS)].map((blow) => ({
    cases: [{ at: pointAt('engine:pullImage', 'works'), blow, kind: { ...PLAIN, bulk: LARGE_IMAGE } }],
    headStart: untilMidPull,
  })),
};

/** A full disk meets every engine call that writes, forward and back. */
const DISK: Act = {
  name: 'disk',
  stage: { diskMegabytes: SMALL_DISK_MB },
  rounds: inRounds(CALL_KILLS.filter(({ when }) => when === 'before').map((at) => ({ at, blow: FULL_DISK }))),
};

/** The whole drill, in the order in which it is played. */
export const ACTS: readonly Act[] = [
  ...(Object.keys(VICTIMS) as Victim[]).map(deathAct),
  kindsAct('program'),
  kindsAct('engine'),
  kindsAct('machine'),
  MID_PULL,
  { name: 'people', stage: {}, rounds: inRounds([...PEOPLE], PEOPLE.length) },
  { name: 'foreigners', stage: {}, rounds: inRounds([...FOREIGNERS]) },
  DISK,
];
