import type { Pause } from './pauses.ts';

/** A point of the saga at which something dies. */
export interface KillPoint extends Pause {
  /** Step of the saga, as the timeline names it. */
  step: string;
  /** What the new version does: it works, or it fails so that the saga has to go back. */
  version: 'works' | 'fails';
  /** Whether the update knows that the container ran and is still to bring about that it does so again. */
  held: boolean;
}

interface Place {
  step: string;
  /** Activities, or `engine:<method>`; `#2` means from the second time on. */
  points: string[];
  /** `before`: up to the step's answer. */
  held?: false | 'before';
}

/** Activities of the way forward, in their order. */
const FORWARD: Place[] = [
  { step: 'open', points: ['openHistory'], held: false },
  { step: 'inspect', points: ['inspectContainer'], held: false },
  { step: 'check', points: ['resolveCandidate'] },
  // The steps `backup`, `pull` and `create` are one activity; their engine calls tell them apart.
  { step: 'backup', points: ['prepareSuccessor', 'saveBackup'] },
  { step: 'stop', points: ['replacePredecessor'] },
  { step: 'health', points: ['watchHealth'], held: 'before' },
  { step: 'commit', points: ['commitSwap'], held: false },
  { step: 'notify', points: ['closeHistory'], held: false },
];

/** Activities of the way back. */
const BACK: Place[] = [
  { step: 'rollback', points: ['captureFailure', 'retireSuccessor', 'revivePredecessor', 'watchHealth#2'] },
  { step: 'rollback', points: ['removeSuccessor', 'releaseImages'], held: false },
  { step: 'notify', points: ['closeHistory'], held: false },
];

/** Single engine calls within the steps: where a step is half done. */
const CALLS_FORWARD: Place[] = [
  { step: 'backup', points: ['engine:tagImage#1'] },
  { step: 'pull', points: ['engine:pullImage'] },
  { step: 'create', points: ['engine:tagImage#2', 'engine:createContainer'] },
  { step: 'stop', points: ['engine:setRestartPolicy', 'engine:stopContainer'] },
  { step: 'start', points: ['engine:startContainer', 'engine:renameContainer#1', 'engine:renameContainer#2'] },
  { step: 'commit', points: ['engine:removeContainer'], held: false },
];
const CALLS_BACK: Place[] = [
  {
    step: 'rollback',
    points: [
      'engine:stopContainer#2',
      'engine:renameContainer#3',
      'engine:renameContainer#4',
      'engine:startContainer#2',
      'engine:setRestartPolicy#3',
    ],
  },
  { step: 'rollback', points: ['engine:removeContainer'], held: false },
];

function around(places: Place[], version: KillPoint['version']): KillPoint[] {
  return places.flatMap(({ step, points, held }) =>
    points.flatMap((point) =>
      (['before', 'after'] as const).map((when) => ({
        step,
        point,
        when,
        version,
        held: held === undefined || held === when,
      })),
    ),
  );
}

/** Every step of the saga, forward and back, before it and after it. */
export const STEP_KILLS: readonly KillPoint[] = [...around(FORWARD, 'works'), ...around(BACK, 'fails')];

/** Every engine call that changes something, before it and after it: where a step is half done. */
export const CALL_KILLS: readonly KillPoint[] = [...around(CALLS_FORWARD, 'works'), ...around(CALLS_BACK, 'fails')];

export function describePoint({ when, point, version }: KillPoint): string {
  return `${when} ${point}, new version ${version}`;
}
