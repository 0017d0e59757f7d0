import { ApplicationFailure, CancelledFailure, log } from '@temporalio/workflow';
import type { StartedSuccessor } from '../../../activities/docker/start-successor.ts';
import { hostActivities, hostActivitiesWithoutLimit, longHostActivities, unhurriedHistory } from '../activities.ts';
import { bringBackPredecessor } from '../bring-back-predecessor.ts';
import { sinceOrder2, sinceOrder3 } from '../changes.ts';
import type { Compensations } from '../compensations.ts';
import type { Controls } from '../controls.ts';
import { recreateDependents } from '../dependents/recreate-dependents.ts';
import { backUpDependents, stopDependents } from '../dependents/stop-dependents.ts';
import { runPreHook } from '../hooks.ts';
import type { Ledger } from '../ledger.ts';
import type { Timeline } from '../timeline.ts';
import { carriedText, carriesAfterStop } from '../writable-layer.ts';

/** Nothing is lost without it: the turn ends by itself. */
const END_TURN_PATIENCE_SECONDS = 5;
const WHY_STOP = 'Free its ports, addresses and volumes for the successor.';
/** Shorter ones are nobody's concern. */
const TOLD_WAIT_MS = 1_000;
const STOPPED = 'Stopped with its own signal; restart policy `no` until this is decided.';

function whyStart(run: boolean): string {
  return run
    ? 'Start the successor and give it the name.'
    : 'Give the successor the name; it stays stopped as the old one was.';
}

function noteStart(ledger: Ledger, started: StartedSuccessor): { cause: string; detail?: Record<string, unknown> } {
  const { running } = ledger.requireFacts();
  ledger.successorSeenRunning = started.running;
  if (running) ledger.servingAgainAtMs = started.startedAtMs;
  const { carried } = started;
  return {
    cause: `${carriedText(carried)}${running ? 'The successor runs under the name.' : 'The successor has the name.'}`,
    ...(carried == null ? {} : { detail: { carried } }),
  };
}

/** Both steps in one activity, since what lies between them is downtime; their lines are told afterwards. */
async function replace(ledger: Ledger, timeline: Timeline, compensations: Compensations): Promise<void> {
  const host = hostActivitiesWithoutLimit(ledger.input.hostId);
  const run = ledger.requireFacts().running;
  let untouched = false;
  compensations.register('bring the predecessor back', async () => {
    if (!untouched) await bringBackPredecessor(ledger, timeline);
  });
  compensations.register('retire the successor', async () => {
    if (!untouched) await host.retireSuccessor(ledger.swap);
  });
  const { started, failure } = await timeline.step(
    'stop',
    WHY_STOP,
    async () => {
      const replacement = await longHostActivities(ledger.input.hostId, null).replacePredecessor({
        swap: ledger.swap,
        run,
        carryLayer: carriesAfterStop(ledger),
        untilHealthy: ledger.successorHasHealthcheck,
      });
      untouched = replacement.untouched === true;
      if (untouched) throw new CancelledFailure('Cancelled while it waited for its turn.');
      return replacement;
    },
    ({ waitedMs = 0, stopMs, stoppedAtMs }) => {
      if (run) ledger.stoppedAtMs = stoppedAtMs;
      const waited = waitedMs < TOLD_WAIT_MS ? '' : `It waited ${Math.round(waitedMs / 1000)} s for its turn. `;
      return { cause: `${waited}${STOPPED}`, milliseconds: waitedMs + stopMs };
    },
  );
  await timeline.step(
    'start',
    whyStart(run),
    async () => {
      if (started !== null) return started;
      throw ApplicationFailure.nonRetryable(failure?.message ?? 'It did not start.', failure?.type);
    },
    (answer) => noteStart(ledger, answer),
  );
}

/** Each in an activity of its own: how updates go that were begun by an earlier version. */
async function stopThenStart(ledger: Ledger, timeline: Timeline, compensations: Compensations): Promise<void> {
  const host = hostActivitiesWithoutLimit(ledger.input.hostId);
  const run = ledger.requireFacts().running;
  compensations.register('bring the predecessor back', () => bringBackPredecessor(ledger, timeline));
  const { stoppedAtMs } = await timeline.step(
    'stop',
    WHY_STOP,
    () => host.stopPredecessor(ledger.swap),
    () => ({ cause: STOPPED }),
  );
  if (run) ledger.stoppedAtMs = stoppedAtMs;
  compensations.register('retire the successor', () => host.retireSuccessor(ledger.swap));
  await timeline.step(
    'start',
    whyStart(run),
    () => host.startSuccessor({ swap: ledger.swap, run }),
    (answer) => noteStart(ledger, answer),
  );
}

/** A hook that has run, and dependents that are stopped, are not to wait for this container's turn: it is taken before. */
async function takeTurn(ledger: Ledger, compensations: Compensations, again = false): Promise<void> {
  const { hostId, updateId } = ledger.input;
  const needsIt = ledger.hooks.pre !== null || ledger.dependents.length > 0;
  if (!sinceOrder3(ledger.input) || !needsIt || !ledger.requireFacts().running) return;
  if (!again)
    compensations.register('let the next one go on', async () => {
      try {
        await hostActivities(hostId, END_TURN_PATIENCE_SECONDS).endSwapTurn({ updateId });
      } catch (error) {
        log.warn('The turn ends by itself', { error: String(error) });
      }
    });
  await longHostActivities(hostId, ledger.engineWaitSeconds).takeSwapTurn({ updateId });
}

/** Without a health check and a soak there is nothing to wait for: that it runs was seen when it got the name. */
function isSeenHealthy(ledger: Ledger): boolean {
  return !ledger.successorHasHealthcheck && ledger.soakSeconds === 0 && ledger.successorSeenRunning;
}

async function watch(ledger: Ledger, timeline: Timeline): Promise<void> {
  const { running } = ledger.requireFacts();
  const hasHealthcheck = ledger.successorHasHealthcheck;
  const verdict = await timeline.step(
    'health',
    `${hasHealthcheck ? 'Wait until its health check says healthy' : 'See that it runs'}, then watch it for ${ledger.soakSeconds} s.`,
    async () => {
      if (!running || ledger.successorId === null) return null;
      if (isSeenHealthy(ledger)) return { verdict: 'healthy' } as const;
      return longHostActivities(ledger.input.hostId, null).watchHealth({
        containerId: ledger.successorId,
        updateId: ledger.input.updateId,
        deadlineSeconds: ledger.healthDeadlineSeconds,
        soakSeconds: ledger.soakSeconds,
        baseRestartCount: 0,
      });
    },
    (answer) => {
      if (answer === null) return { cause: 'Not watched: the container is a stopped one.', state: 'skipped' };
      return answer.verdict === 'healthy'
        ? { cause: 'Healthy.' }
        : { cause: answer.explanation, state: 'failed', detail: { reason: answer.reason } };
    },
  );
  if (verdict?.verdict === 'unhealthy') throw ApplicationFailure.nonRetryable(verdict.explanation, verdict.reason);
}

/**
 * Steps `stop`, `start` and `health`, with what hangs on the container around them. Nothing else happens between the
 * first two: that is the downtime.
 */
export async function swap(
  ledger: Ledger,
  timeline: Timeline,
  controls: Controls,
  compensations: Compensations,
): Promise<void> {
  await controls.whenNotPaused();
  await backUpDependents(ledger, compensations);
  await takeTurn(ledger, compensations);
  await runPreHook(ledger, timeline);
  // A long hook may have outlasted it.
  if (ledger.hooks.pre !== null && ledger.dependents.length > 0) await takeTurn(ledger, compensations, true);
  await stopDependents(ledger, timeline, compensations);
  if (sinceOrder2(ledger.input, 'fewer-round-trips')) await replace(ledger, timeline, compensations);
  else await stopThenStart(ledger, timeline, compensations);
  // Where the end is near it stores them all at once.
  const stored =
    sinceOrder2(ledger.input, 'fewer-round-trips') && isSeenHealthy(ledger) ? null : storeEvents(ledger, timeline);
  await watch(ledger, timeline);
  await recreateDependents(ledger, timeline, compensations);
  await stored;
}

/** Stores the lines so far. A database that is away must not hold up or undo an update: the end stores them all. */
async function storeEvents(ledger: Ledger, timeline: Timeline): Promise<void> {
  const events = timeline.unstored();
  try {
    await unhurriedHistory.recordEvents({ tenantId: ledger.input.tenantId, updateId: ledger.input.updateId, events });
    timeline.markStored(events);
  } catch (error) {
    log.warn('The timeline could not be stored yet', { error: String(error) });
  }
}
