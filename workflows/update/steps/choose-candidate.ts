import { ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { OpenedHistory } from '../../../activities/history/open-history.ts';
import type { ResolveCandidateInput, ResolveCandidateResult } from '../../../activities/registry/resolve-candidate.ts';
import { type FailureType, isPermanentFailure } from '../../../contracts/failure-types.ts';
import type { UpdateTarget } from '../../../contracts/update.ts';
import { isImageId, parseImageReference } from '../../../domain/image-reference.ts';
import { digestsForRepository } from '../../../domain/repo-digests.ts';
import { history, registryActivities, registryAtOnce } from '../activities.ts';
import { sinceOrder2 } from '../changes.ts';
import type { Controls } from '../controls.ts';
import { holdDependents, refuseCycle } from '../dependents/hold-dependents.ts';
import { explainFailure } from '../explain-failure.ts';
import type { Ledger } from '../ledger.ts';
import type { Timeline } from '../timeline.ts';
import { writableLayerRefusal } from '../writable-layer.ts';

async function fromBackup(ledger: Ledger, updateId: string): Promise<string> {
  const kept = await history.loadBackup({ updateId });
  if (kept === null) {
    throw ApplicationFailure.nonRetryable(`Update ${updateId} has no backup to go back to.`, 'BackupMissing');
  }
  const facts = ledger.requireFacts();
  const parsed = parseImageReference(facts.reference);
  ledger.currentDigest = parsed.ok ? (digestsForRepository(facts.repoDigests, parsed.reference)[0] ?? null) : null;
  ledger.target = {
    reference: kept.backup.imageReference,
    pullReference: kept.pullReference ?? kept.backup.imageId,
    imageReference: kept.backup.imageReference,
    tagReference: kept.tagReference,
    digest: kept.digest,
    imageId: kept.backup.imageId,
    earlier: kept.backup,
  };
  return `Back to what was there before update ${updateId}.`;
}

/** Asks at once; a registry that is slow or away is asked again patiently. */
async function resolve(ledger: Ledger, question: ResolveCandidateInput): Promise<ResolveCandidateResult> {
  if (sinceOrder2(ledger.input, 'fewer-round-trips')) {
    try {
      return await registryAtOnce.resolveCandidate(question);
    } catch (error) {
      if (isCancellation(error) || isPermanentFailure(explainFailure(error).type)) throw error;
    }
  }
  return registryActivities(ledger.registryWaitSeconds).resolveCandidate(question);
}

/** Asks the registry. @returns whether there is something to do, and why */
async function fromRegistry(
  ledger: Ledger,
  target: Exclude<UpdateTarget, { kind: 'backup' }> | null,
): Promise<{ go: boolean; reason: string }> {
  const facts = ledger.requireFacts();
  const { reference, imageId, repoTags, repoDigests, platform, tags } = facts;
  const image = { reference, imageId, repoTags, repoDigests, platform };
  const found = await resolve(ledger, { ...image, target, ...(tags === undefined ? {} : { tags }) });
  ledger.currentDigest = found.currentDigest;
  if (found.kind !== 'candidate') return { go: false, reason: found.reason };
  const asWritten = target === null && found.movesTag !== true && !isImageId(reference, imageId);
  const imageReference = asWritten ? reference : found.tagReference === null ? found.pullReference : found.reference;
  ledger.target = { ...found, imageReference, imageId: null, earlier: null };
  return { go: found.outdated || ledger.input.force, reason: found.reason };
}

async function quarantineOf(opened: OpenedHistory, digest: string): Promise<{ since: string; reason: string } | null> {
  // Only updates of this container quarantine its digests, and this one holds their lock; but a person may have released one.
  if (opened.quarantined?.every((each) => each.digest !== digest)) return null;
  return history.findQuarantine({ containerId: opened.containerId, digest });
}

async function refuseQuarantined(ledger: Ledger): Promise<string> {
  const { digest } = ledger.requireTarget();
  if (digest === null || ledger.input.target?.kind === 'backup') return 'Nothing stands in the way.';
  const quarantined = await quarantineOf(ledger.requireOpened(), digest);
  if (quarantined === null) return 'Nothing stands in the way.';
  const told = `Digest ${digest.slice(0, 19)} is quarantined for ${ledger.input.containerName} since ${quarantined.since}: ${quarantined.reason}`;
  if (ledger.input.force) return `${told} It is tried again because force was asked for.`;
  throw ApplicationFailure.nonRetryable(`${told} Ask with --force to try it again.`, 'PolicyDenied');
}

/** Why this container may not be recreated at all, whatever is asked: it carries this program, or would lose what it may not. */
export function standingRefusal(ledger: Ledger): { type: FailureType; message: string } | null {
  const reasons = [ledger.requireFacts(), ...ledger.dependents].map((facts) => facts.protectedAs ?? null);
  const reason = reasons.find((text) => text !== null);
  if (reason != null) return { type: 'Protected', message: reason };
  const losses = writableLayerRefusal(ledger);
  return losses === null ? null : { type: 'Unreproducible', message: losses };
}

function refuseAlways(ledger: Ledger): void {
  const refusal = standingRefusal(ledger);
  if (refusal !== null) throw ApplicationFailure.nonRetryable(refusal.message, refusal.type);
}

/**
 * Steps `check` and `gate`.
 * @returns false when there is nothing to do; the ledger then has the outcome
 */
export async function chooseCandidate(ledger: Ledger, timeline: Timeline, controls: Controls | null): Promise<boolean> {
  const { target, containerName } = ledger.input;
  const check = await timeline.step(
    'check',
    target?.kind === 'backup'
      ? 'Find the kept predecessor.'
      : `Ask the registry for the newest digest of ${ledger.requireFacts().reference}.`,
    async () =>
      target?.kind === 'backup'
        ? { go: true, reason: await fromBackup(ledger, target.updateId) }
        : fromRegistry(ledger, target ?? null),
    ({ reason }) => ({
      cause: reason,
      detail: { current: ledger.currentDigest, candidate: ledger.target?.digest ?? null },
    }),
  );
  if (!check.go) {
    ledger.end('up_to_date', `${containerName} was left alone. ${check.reason}`);
    return false;
  }
  await timeline.step(
    'gate',
    'See whether something forbids this update now.',
    async () => {
      await controls?.whenNotPaused();
      refuseCycle(ledger);
      if (ledger.input.mode === 'plan') return 'Asked when the update runs.';
      refuseAlways(ledger);
      const answer = await refuseQuarantined(ledger);
      // Waiting for them may have changed what there is.
      if (await holdDependents(ledger, timeline)) refuseAlways(ledger);
      return answer;
    },
    (cause) => ({ cause }),
  );
  return true;
}
