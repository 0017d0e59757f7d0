import { ApplicationFailure, log } from '@temporalio/workflow';
import { hostActivitiesWithoutLimit, longHostActivities, unhurriedHistory } from '../activities.ts';
import { bringBackPredecessor } from '../bring-back-predecessor.ts';
import type { Compensations } from '../compensations.ts';
import type { Controls } from '../controls.ts';
import type { Ledger } from '../ledger.ts';
import type { Timeline } from '../timeline.ts';

async function stop(ledger: Ledger, timeline: Timeline, compensations: Compensations): Promise<void> {
  const host = hostActivitiesWithoutLimit(ledger.input.hostId);
  compensations.register('bring the predecessor back', () => bringBackPredecessor(ledger, timeline));
  const stopped = await timeline.step(
    'stop',
    'Free its ports, addresses and volumes for the successor.',
    () => host.stopPredecessor(ledger.swap),
    () => ({ cause: 'Stopped with its own signal; restart policy `no` until this is decided.' }),
  );
  if (ledger.requireFacts().running) ledger.stoppedAtMs = stopped.stoppedAtMs;
}

async function start(ledger: Ledger, timeline: Timeline, compensations: Compensations): Promise<void> {
  const host = hostActivitiesWithoutLimit(ledger.input.hostId);
  const { running } = ledger.requireFacts();
  compensations.register('retire the successor', () => host.retireSuccessor(ledger.swap));
  const started = await timeline.step(
    'start',
    running
      ? 'Start the successor and give it the name.'
      : 'Give the successor the name; it stays stopped as the old one was.',
    () => host.startSuccessor({ swap: ledger.swap, run: running }),
    () => ({ cause: running ? 'The successor runs under the name.' : 'The successor has the name.' }),
  );
  ledger.successorSeenRunning = started.running;
  if (running) ledger.servingAgainAtMs = started.startedAtMs;
}

async function watch(ledger: Ledger, timeline: Timeline): Promise<void> {
  const { running } = ledger.requireFacts();
  const hasHealthcheck = ledger.successorHasHealthcheck;
  const verdict = await timeline.step(
    'health',
    `${hasHealthcheck ? 'Wait until its health check says healthy' : 'See that it runs'}, then watch it for ${ledger.soakSeconds} s.`,
    async () => {
      if (!running || ledger.successorId === null) return null;
      // Without a health check and a soak there is nothing to wait for: that it runs was seen when it got the name.
      if (!hasHealthcheck && ledger.soakSeconds === 0 && ledger.successorSeenRunning)
        return { verdict: 'healthy' } as const;
      return longHostActivities(ledger.input.hostId, null).watchHealth({
        containerId: ledger.successorId,
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

/** Steps `stop`, `start` and `health`. Nothing else happens between the first two: that is the downtime. */
export async function swap(
  ledger: Ledger,
  timeline: Timeline,
  controls: Controls,
  compensations: Compensations,
): Promise<void> {
  await controls.whenNotPaused();
  await stop(ledger, timeline, compensations);
  await start(ledger, timeline, compensations);
  const stored = storeEvents(ledger, timeline);
  await watch(ledger, timeline);
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
