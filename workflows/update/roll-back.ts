import { log } from '@temporalio/workflow';
import { swapNames } from '../../domain/swap-names.ts';
import { describeWhatIsLeft } from '../../domain/what-is-left.ts';
import { hostActivities } from './activities.ts';
import { sinceOrder2 } from './changes.ts';
import type { Compensations } from './compensations.ts';
import type { Controls } from './controls.ts';
import { type ExplainedFailure, explainFailure } from './explain-failure.ts';
import { SKIPPED_BY_HOOK } from './hooks.ts';
import type { Ledger } from './ledger.ts';
import type { Timeline } from './timeline.ts';

/** The service is down meanwhile. */
const CAPTURE_PATIENCE_SECONDS = 5;
/** Somebody is to be told, be it without the details. */
const LOOK_PATIENCE_SECONDS = 60;

async function captureFailure(ledger: Ledger, failure: ExplainedFailure): Promise<void> {
  if (ledger.successorId === null) return;
  const swap = ledger.failedDependent ?? ledger.swap;
  const host = hostActivities(ledger.input.hostId, CAPTURE_PATIENCE_SECONDS);
  try {
    ledger.failedSuccessor = await host.captureFailure({ swap, reason: failure.type });
  } catch (error) {
    // The log is worth having, but bringing the service back can't wait for it.
    ledger.warnings.push(`The failed container's log could not be read: ${explainFailure(error).message}`);
  }
}

/** For the message when a person must look: names are told only of what was seen to be there. */
async function whatIsLeft(ledger: Ledger): Promise<string> {
  const { containerName: name, updateId, hostId } = ledger.input;
  const names = swapNames(name, updateId);
  if (sinceOrder2(ledger.input, 'say-what-is-left')) {
    try {
      const host = hostActivities(hostId, LOOK_PATIENCE_SECONDS);
      const left = await host.findWhatIsLeft({ swap: ledger.swap, oldImageId: ledger.requireFacts().imageId });
      return describeWhatIsLeft(name, left);
    } catch (error) {
      log.error('What is left could not be looked at', { error: String(error) });
    }
  }
  return `What is left has one of the names ${name}, ${names.predecessorName} and ${names.successorName}; the old image is kept as ${names.keepTag}.`;
}

/**
 * Undoes what was done, last step first, and decides the outcome: `cancelled` on request, `rollback` when the container
 * had been stopped, `failed` when nothing was touched, or when even the predecessor did not come back.
 */
export async function rollBack(
  error: unknown,
  ledger: Ledger,
  timeline: Timeline,
  compensations: Compensations,
  controls: Controls,
): Promise<void> {
  const failure = explainFailure(error);
  const name = ledger.input.containerName;
  if (compensations.isEmpty) {
    if (controls.cancelRequested)
      ledger.end('cancelled', `The update of ${name} was cancelled; nothing had been changed.`, failure.type);
    else ledger.end('failed', `${failure.message} Nothing was changed.`, failure.type);
    return;
  }
  const swapped = ledger.stoppedAtMs !== null || timeline.timings.some(({ step }) => step === 'stop');
  timeline.current = 'rollback';
  timeline.record('rollback', 'started', failure.message);
  await captureFailure(ledger, failure);
  const failures = await compensations.undoAll();
  if (ledger.outcome === 'failed') {
    ledger.end(
      'failed',
      `The new version of ${name} failed (${failure.message}) and the old one did not come back either (${failures.join('; ')}). A person must look. ${await whatIsLeft(ledger)}`,
      failure.type,
    );
    timeline.record('rollback', 'failed', ledger.message, { failures });
    return;
  }
  const lost = ledger.dependentSwaps.filter((dependent) => dependent.lost).map(({ facts }) => facts.name);
  if (lost.length > 0) {
    ledger.end(
      'failed',
      `The update of ${name} was undone (${failure.message}), but ${lost.join(', ')}, which hang${lost.length === 1 ? 's' : ''} on it, did not come back (${failures.join('; ')}). A person must look: start ${lost.length === 1 ? 'it' : 'them'} by hand.`,
      failure.type,
    );
    timeline.record('rollback', 'failed', ledger.message, { failures });
    return;
  }
  if (controls.cancelRequested)
    ledger.end('cancelled', `The update of ${name} was cancelled; ${name} is as it was.`, failure.type);
  else if (failure.type === SKIPPED_BY_HOOK)
    ledger.end('cancelled', `${failure.message} ${name} was not touched.`, failure.type);
  else if (swapped)
    ledger.end(
      'rollback',
      `The new version of ${name} was not accepted. ${failure.message} The old one serves again.`,
      failure.type,
    );
  else ledger.end('failed', `${failure.message} ${name} was not touched.`, failure.type);
  if (failures.length > 0) ledger.message += ` Something is left to tidy up: ${failures.join('; ')}.`;
  timeline.record(
    'rollback',
    failures.length === 0 ? 'done' : 'failed',
    failures.length === 0
      ? `Nothing of the update is left; ${name} is as it was.`
      : `Left behind: ${failures.join('; ')}`,
    { failures },
  );
}
