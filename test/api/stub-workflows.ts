import {
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { CheckInput, CheckResult } from '../../contracts/check.ts';
import type { UpdateInput, UpdateProgress, UpdateResult } from '../../contracts/update.ts';
import { CANCEL_SIGNAL, PAUSE_SIGNAL, PROGRESS_QUERY, RESUME_SIGNAL } from '../../contracts/update.ts';

// Its children are started by name, so here they are the stubs.
export { batchUpdate } from '../../workflows/batch-update.ts';

/** What the stub workflows call; the suite gives it. */
export interface StubActivities {
  pullImage(input: UpdateInput): Promise<void>;
  closeHistory(input: UpdateInput): Promise<void>;
}

const { pullImage, closeHistory } = proxyActivities<StubActivities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '100ms', backoffCoefficient: 1 },
});

const VERSION = { reference: 'nginx:1.25', digest: null, imageId: null };

/** Plays the real one's part towards the API: the same name, messages and answers, and nothing done. */
export async function updateContainer(input: UpdateInput): Promise<UpdateResult> {
  const { updateId, containerName } = input;
  let cancelRequested = false;
  let paused = false;
  const event = {
    seq: 1,
    step: 'pull',
    state: 'started',
    cause: 'the stub says so',
    detail: {},
    at: '2026-11-21T12:00:00.000Z',
  } as const;
  setHandler(defineQuery<UpdateProgress>(PROGRESS_QUERY), () => ({
    updateId,
    containerName,
    status: 'running',
    step: 'pull',
    paused,
    cancelRequested,
    events: [event],
    result: null,
  }));
  setHandler(defineSignal(CANCEL_SIGNAL), () => {
    cancelRequested = true;
  });
  setHandler(defineSignal(PAUSE_SIGNAL), () => {
    paused = true;
  });
  setHandler(defineSignal(RESUME_SIGNAL), () => {
    paused = false;
  });
  if (input.mode === 'plan') return planned(input);
  if (containerName === 'web' || input.trigger === 'batch') await closeHistory(input);
  else {
    // Left to itself: it ends with the run.
    pullImage(input).catch(() => undefined);
    await condition(() => cancelRequested);
    await closeHistory(input);
  }
  return result(input);
}

export async function checkHost({ hostId, containerNames }: CheckInput): Promise<CheckResult> {
  if (hostId === 'nas')
    throw ApplicationFailure.create({
      type: 'EngineUnavailable',
      message: 'The socket is not there.',
      nonRetryable: true,
    });
  return {
    hostId,
    containers: containerNames.map((containerName) => ({
      containerId: '00000000-0000-4000-8000-00000000000a',
      containerName,
      image: 'nginx:1.25',
      currentDigest: null,
      candidateDigest: null,
      verdict: 'error',
      reason: 'The registry refused.',
    })),
  };
}

function planned(input: UpdateInput): UpdateResult {
  const failure = /^fails-(\w+)$/.exec(input.containerName)?.[1];
  if (failure !== undefined) throw ApplicationFailure.nonRetryable(`It is ${failure}.`, failure);
  const target = input.target?.kind === 'tag' ? input.target.tag : null;
  const candidate = target === null ? null : { ...VERSION, reference: `nginx:${target}` };
  const plan = {
    containerName: input.containerName,
    wouldUpdate: candidate !== null,
    reason: 'the stub says so',
    current: VERSION,
    candidate,
    steps: [{ step: 'inspect', action: 'look', cause: 'always' }],
    differences: [{ path: 'Config.Image', before: 'a', after: null, cause: 'the image' }],
    warnings: ['none'],
  } as const;
  return {
    ...result(input),
    plan: { ...plan, steps: [...plan.steps], differences: [...plan.differences], warnings: [...plan.warnings] },
  };
}

function result({ updateId, containerName }: UpdateInput): UpdateResult {
  return {
    updateId,
    containerName,
    outcome: 'success',
    message: 'Done.',
    errorType: null,
    from: null,
    to: null,
    timings: [],
    downtimeMs: null,
    plan: null,
  };
}
