import type { Pause } from './pauses.ts';

/** A point at which the whole program is killed, and what must have come of the update afterwards. */
export interface KillPoint extends Omit<Pause, 'container'> {
  /** What the new version does: it works, or it fails so that the saga has to go back. */
  version: 'works' | 'fails';
}

/** Activities of the way forward, in their order. */
const FORWARD = [
  'openHistory',
  'inspectContainer',
  'resolveCandidate',
  'findQuarantine',
  'sealBackup',
  'saveBackup',
  'pullImage',
  'createSuccessor',
  'stopPredecessor',
  'startSuccessor',
  'watchHealth',
  'commitSwap',
  'closeHistory',
];

/** Activities of the way back. */
const BACK = [
  'captureFailure',
  'retireSuccessor',
  'revivePredecessor',
  'watchHealth#2',
  'removeSuccessor',
  'releaseImages',
  'closeHistory',
];

/** Single engine calls within the steps: where a step is half done. */
const CALLS_FORWARD = [
  'tagImage#1',
  'pullImage',
  'tagImage#2',
  'createContainer',
  'setRestartPolicy',
  'stopContainer',
  'startContainer',
  'renameContainer#1',
  'renameContainer#2',
  'removeContainer',
];
const CALLS_BACK = [
  'stopContainer#2',
  'renameContainer#3',
  'renameContainer#4',
  'startContainer#2',
  'setRestartPolicy#3',
  'removeContainer',
];

function around(points: string[], version: KillPoint['version'], prefix = ''): KillPoint[] {
  return points.flatMap((point) =>
    (['before', 'after'] as const).map((when) => ({ point: `${prefix}${point}`, when, version })),
  );
}

/** Every step of the saga, forward and back, before it and after it. */
export const STEP_KILLS: readonly KillPoint[] = [...around(FORWARD, 'works'), ...around(BACK, 'fails')];

/** Every engine call that changes something, before it and after it: where a step is half done. */
export const CALL_KILLS: readonly KillPoint[] = [
  ...around(CALLS_FORWARD, 'works', 'engine:'),
  ...around(CALLS_BACK, 'fails', 'engine:'),
];
