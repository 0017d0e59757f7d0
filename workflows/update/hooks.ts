import { ApplicationFailure } from '@temporalio/workflow';
import type { HookEnd } from '../../activities/docker/run-hook.ts';
import { longHostActivities } from './activities.ts';
import { explainFailure } from './explain-failure.ts';
import type { Ledger } from './ledger.ts';
import type { Timeline } from './timeline.ts';

/** The type of a failure that is none: the container's own hook asked to leave it alone this time. */
export const SKIPPED_BY_HOOK = 'SkippedByHook';
/** The type of an update that its own container's hook held back. */
const HOOK_FAILED = 'HookFailed';
/** EX_TEMPFAIL of sysexits.h, which means the same in Watchtower's hooks. */
const SKIP_EXIT_CODE = 75;
/** The service runs already: an engine that is away is not waited for long. */
const POST_PATIENCE_SECONDS = 60;

function told({ exitCode, output }: HookEnd): string {
  const end =
    exitCode === null ? 'it did not end in time, and may still run in the container' : `exit code ${exitCode}`;
  return output === '' ? end : `${end}: ${output}`;
}

function mayRun(ledger: Ledger): boolean {
  const { running, paused } = ledger.requireFacts();
  return running && !paused;
}

/**
 * Runs the pre-update hook in the predecessor, just before it would be stopped.
 * @throws ApplicationFailure `SkippedByHook` at exit code 75; `HookFailed` at any other but 0
 */
export async function runPreHook(ledger: Ledger, timeline: Timeline): Promise<void> {
  const { pre, timeoutSeconds } = ledger.hooks;
  if (pre === null || !mayRun(ledger)) return;
  const { hostId, containerName } = ledger.input;
  const end = await longHostActivities(hostId, ledger.engineWaitSeconds).runHook({
    containerId: ledger.requireFacts().containerId,
    command: pre,
    timeoutSeconds,
  });
  if (end.exitCode === 0) {
    timeline.record('hook', 'done', 'The pre-update hook agreed.', { output: end.output });
    return;
  }
  timeline.record('hook', 'failed', `The pre-update hook did not agree (${told(end)}).`);
  if (end.exitCode === SKIP_EXIT_CODE)
    throw ApplicationFailure.nonRetryable(
      `The pre-update hook of ${containerName} asked to skip this update (${told(end)}).`,
      SKIPPED_BY_HOOK,
    );
  throw ApplicationFailure.nonRetryable(`The pre-update hook of ${containerName} failed (${told(end)}).`, HOOK_FAILED);
}

/** Runs the post-update hook in the successor. The service is healthy whatever the hook says, so a failure is told only. */
export async function runPostHook(ledger: Ledger, timeline: Timeline): Promise<void> {
  const { post, timeoutSeconds } = ledger.hooks;
  if (post === null || ledger.successorId === null || !ledger.requireFacts().running) return;
  try {
    const end = await longHostActivities(ledger.input.hostId, POST_PATIENCE_SECONDS).runHook({
      containerId: ledger.successorId,
      command: post,
      timeoutSeconds,
    });
    if (end.exitCode === 0) timeline.record('hook', 'done', 'The post-update hook has run.', { output: end.output });
    else timeline.record('hook', 'failed', `The post-update hook failed (${told(end)}).`);
  } catch (error) {
    timeline.record('hook', 'failed', `The post-update hook could not run: ${explainFailure(error).message}`);
  }
}
