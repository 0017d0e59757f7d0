import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { DockerActivities } from '../../activities/docker/create-docker-activities.ts';
import type { HistoryActivities } from '../../activities/history/create-history-activities.ts';
import type { RegistryActivities } from '../../activities/registry/create-registry-activities.ts';

type Activities = Pick<
  DockerActivities & HistoryActivities & RegistryActivities,
  | 'inspectContainer'
  | 'sealBackup'
  | 'pullImage'
  | 'createSuccessor'
  | 'prepareSuccessor'
  | 'takeSwapTurn'
  | 'endSwapTurn'
  | 'stopPredecessor'
  | 'startSuccessor'
  | 'replacePredecessor'
  | 'watchHealth'
  | 'commitSwap'
  | 'releaseImages'
  | 'captureFailure'
  | 'findWhatIsLeft'
  | 'retireSuccessor'
  | 'revivePredecessor'
  | 'removeSuccessor'
  | 'openHistory'
  | 'recordEvents'
  | 'saveStatus'
  | 'findQuarantine'
  | 'saveBackup'
  | 'closeHistory'
  | 'resolveCandidate'
>;

export type ActivityName = keyof Activities;
/** Runs in place of one activity and may call the usual one. `attempt` counts from 1 over all of its calls. */
type Instead = (usual: () => Promise<unknown>, attempt: number) => Promise<unknown>;

const OLD = 'sha256:0000000000000000000000000000000000000000000000000000000000000001';
const NEW = 'sha256:0000000000000000000000000000000000000000000000000000000000000002';

const SEALED = {
  sealedInspect: '',
  sealedImageInspect: '',
  imageId: OLD,
  imageReference: 'web:stable',
  keepTag: 'docker-auto-keep:test',
  volumes: [],
};
const PULLED = { imageId: NEW, alreadyPresent: false, previousTagImageId: OLD, bytes: 1 };
const CREATED = { successorId: 'new', hasHealthcheck: true, warnings: [] };

/** What each step answers when all goes well. */
const USUAL: Activities = {
  inspectContainer: async () => ({
    containerId: 'old',
    reference: 'web:stable',
    imageId: OLD,
    repoTags: [],
    repoDigests: [],
    platform: { os: 'linux', architecture: 'amd64', variant: null },
    running: true,
    paused: false,
    unhealthy: false,
    dependents: [],
    dependencyCycle: null,
    restarts: [],
    hooks: { pre: null, post: null, timeoutSeconds: 60 },
    autoRemove: false,
    restartPolicy: { Name: 'always' },
    hasHealthcheck: false,
    healthDeadlineMs: 1_000,
    networks: [],
    anonymousVolumes: 0,
    soakSeconds: null,
    healthDeadlineSeconds: null,
    policyProblems: [],
    leftovers: [],
  }),
  resolveCandidate: async () => ({
    kind: 'candidate',
    reference: 'web:stable',
    pullReference: `web@${NEW}`,
    tagReference: 'web:stable',
    digest: NEW,
    currentDigest: OLD,
    outdated: true,
    reason: 'There is a newer one.',
  }),
  sealBackup: async ({ updateId }) => ({ updateId, ...SEALED }),
  pullImage: async () => PULLED,
  createSuccessor: async () => CREATED,
  prepareSuccessor: async ({ swap: { updateId } }) => ({
    backup: { answer: { updateId, ...SEALED }, failure: null },
    pulled: { answer: PULLED, failure: null },
    created: { answer: CREATED, failure: null },
    pullMs: 0,
    broughtHere: true,
  }),
  takeSwapTurn: async () => ({ waitedMs: 0 }),
  endSwapTurn: async () => undefined,
  stopPredecessor: async () => ({ stoppedAtMs: Date.now() }),
  startSuccessor: async () => ({ startedAtMs: Date.now(), running: true }),
  replacePredecessor: async () => ({
    stoppedAtMs: Date.now(),
    stopMs: 0,
    started: { startedAtMs: Date.now(), running: true },
    failure: null,
  }),
  watchHealth: async () => ({ verdict: 'healthy' }),
  commitSwap: async () => undefined,
  releaseImages: async () => undefined,
  captureFailure: async () => ({ exitCode: 1, oomKilled: false, reason: 'crashed', logTail: 'the end' }),
  findWhatIsLeft: async ({ swap }) => ({
    predecessor: { name: `${swap.containerName}.previous-test`, state: 'exited' },
    successor: { name: swap.containerName, state: 'restarting' },
    stranger: null,
    keptAs: 'docker-auto-keep:test',
  }),
  retireSuccessor: async () => undefined,
  revivePredecessor: async () => ({ containerId: 'old', startedAtMs: Date.now(), restartCount: 0, recreated: false }),
  removeSuccessor: async () => undefined,
  openHistory: async () => ({
    containerId: 'row',
    startedAt: new Date().toISOString(),
    knownUids: [],
    superseded: [],
    settings: { soakSeconds: 0, keepImages: 1 },
  }),
  recordEvents: async () => undefined,
  saveStatus: async () => undefined,
  findQuarantine: async () => null,
  saveBackup: async () => undefined,
  closeHistory: async () => ({ notifications: 0 }),
};

export const ACTIVITY_NAMES = Object.keys(USUAL) as ActivityName[];

/** A failure that no retry can mend. */
export function refusal(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'CreateRejected');
}

/** Activities that do as they are told, each call written down in its order. */
export class ScriptedActivities {
  readonly calls: ActivityName[] = [];
  readonly #inputs: Array<{ name: ActivityName; input: unknown }> = [];
  readonly #instead: Partial<Record<ActivityName, Instead>>;

  constructor(instead: Partial<Record<ActivityName, Instead>> = {}) {
    this.#instead = instead;
  }

  /** What it was called with, in that order. */
  inputs(name: ActivityName): unknown[] {
    return this.#inputs.filter((call) => call.name === name).map(({ input }) => input);
  }

  /** How often it was called. */
  count(name: ActivityName): number {
    return this.calls.filter((called) => called === name).length;
  }

  /** Which of those were called, in the order of their first call. */
  order(...names: ActivityName[]): ActivityName[] {
    return [...new Set(this.calls)].filter((called) => names.includes(called));
  }

  /** Waits until no activity has begun for a while. */
  async idle(): Promise<void> {
    for (let before = -1; before !== this.calls.length; ) {
      before = this.calls.length;
      await delay(700);
    }
  }

  /** Does what the script says of that activity. */
  call(name: ActivityName, input: never): Promise<unknown> {
    this.calls.push(name);
    this.#inputs.push({ name, input });
    const usual = () => USUAL[name](input) as Promise<unknown>;
    return this.#instead[name]?.(usual, this.count(name)) ?? usual();
  }
}
