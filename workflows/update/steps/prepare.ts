import { ApplicationFailure } from '@temporalio/workflow';
import type { Attempted, PreparedSuccessor } from '../../../activities/docker/prepare-successor.ts';
import type { PulledImage } from '../../../activities/docker/pull-image.ts';
import { swapNames } from '../../../domain/swap-names.ts';
import { history, hostActivities, hostActivitiesWithoutLimit, longHostActivities } from '../activities.ts';
import { sinceOrder2, sinceOrder3 } from '../changes.ts';
import type { Compensations } from '../compensations.ts';
import type { Controls } from '../controls.ts';
import type { Ledger } from '../ledger.ts';
import type { Timeline } from '../timeline.ts';
import { carriedText, carriesAfterStop, writableLayerWarnings } from '../writable-layer.ts';

function pulledText(bytes: number): string {
  if (bytes === 0) return 'All layers were on the host already';
  if (bytes < 1_000_000) return `Pulled ${Math.ceil(bytes / 1000)} kB`;
  return `Pulled ${(bytes / 1_000_000).toFixed(1)} MB`;
}

function volumesStay(volumes: number): string {
  if (volumes === 0) return '';
  return volumes === 1 ? '; its volume stays where it is' : `; its ${volumes} volumes stay where they are`;
}

/**
 * Whether all of it may go in one activity: what undoing needs to know must be known beforehand. What takes long besides
 * the pull has a line of its own.
 */
function canGoAtOnce({ input, target, facts, writableLayerPolicy }: Ledger): boolean {
  const tag = target?.tagReference ?? null;
  const tagIsOnPredecessor = tag === null || facts?.repoTags.includes(tag) === true;
  return sinceOrder3(input) && tagIsOnPredecessor && writableLayerPolicy !== 'carry';
}

function prepareAtOnce(ledger: Ledger): Promise<PreparedSuccessor> {
  const { pullReference, tagReference, imageReference, imageId, earlier } = ledger.requireTarget();
  const patience = Math.max(ledger.engineWaitSeconds, ledger.registryWaitSeconds, 1);
  return longHostActivities(ledger.input.hostId, patience).prepareSuccessor({
    swap: ledger.swap,
    pull: { pullReference, tagReference, imageId },
    create: { tagReference, imageReference, earlier },
  });
}

/** What that step came to in the one activity; where it did not get through, its own one tries again, patiently. */
async function settled<Answer>(
  attempted: Attempted<Answer> | undefined,
  again: () => Promise<Answer>,
): Promise<Answer> {
  if (attempted === undefined) return again();
  const { answer, failure } = attempted;
  if (failure !== null) throw ApplicationFailure.nonRetryable(failure.message, failure.type);
  return answer ?? again();
}

type Preparing = Promise<PreparedSuccessor> | null;

async function backUp(
  ledger: Ledger,
  timeline: Timeline,
  compensations: Compensations,
  preparing: Preparing,
): Promise<void> {
  const host = hostActivities(ledger.input.hostId, ledger.engineWaitSeconds);
  const undoing = hostActivitiesWithoutLimit(ledger.input.hostId);
  compensations.register('give up the kept image', async () => {
    const { backup } = ledger;
    if (ledger.outcome === 'failed') return;
    // A backup that was refused in the middle may have left its tag.
    if (backup === null && !sinceOrder2(ledger.input, 'release-an-unreported-keep-tag')) return;
    const { containerName, updateId } = ledger.input;
    const kept = backup ?? {
      imageId: ledger.requireFacts().imageId,
      keepTag: swapNames(containerName, updateId).keepTag,
    };
    await undoing.releaseImages({ images: [{ imageId: kept.imageId, keepTag: kept.keepTag }] });
  });
  await timeline.step(
    'backup',
    'Keep a way back: the configuration, encrypted, and the old image under a tag of its own.',
    async () => {
      const backup = await settled((await preparing)?.backup, () => host.sealBackup(ledger.swap));
      ledger.backup = backup;
      const events = timeline.unstored();
      await history.saveBackup({
        tenantId: ledger.input.tenantId,
        containerId: ledger.requireOpened().containerId,
        digest: ledger.currentDigest,
        backup,
        events,
      });
      timeline.markStored(events);
      return backup;
    },
    ({ keepTag, volumes }) => ({
      cause: `Kept as ${keepTag}${volumesStay(volumes.length)}.`,
      detail: { keepTag, volumes },
    }),
  );
}

async function pull(ledger: Ledger, timeline: Timeline, preparing: Preparing): Promise<PulledImage> {
  const target = ledger.requireTarget();
  const host = longHostActivities(ledger.input.hostId, Math.max(ledger.registryWaitSeconds, 1));
  let milliseconds: number | undefined;
  let broughtHere = false;
  const pulled = await timeline.step(
    'pull',
    `Bring ${target.pullReference} to the host while the old container serves.`,
    async () => {
      const prepared = await preparing;
      if (prepared?.pulled.answer != null) milliseconds = prepared.pullMs;
      broughtHere = prepared?.broughtHere === true;
      return settled(prepared?.pulled, () =>
        host.pullImage({
          pullReference: target.pullReference,
          tagReference: target.tagReference,
          imageId: target.imageId,
        }),
      );
    },
    ({ alreadyPresent, bytes }) => ({
      cause: alreadyPresent
        ? 'The image was on the host already.'
        : `${pulledText(bytes)}; the image is verified to be there.`,
      detail: { alreadyPresent, bytes },
      ...(milliseconds === undefined ? {} : { milliseconds }),
    }),
  );
  ledger.newImageId = pulled.imageId;
  ledger.pulledHere = !pulled.alreadyPresent || broughtHere;
  return pulled;
}

async function removeSuccessor(ledger: Ledger, previousTagImageId: string | null): Promise<void> {
  // Where the predecessor did not come back a person needs both containers.
  if (ledger.outcome === 'failed') return;
  const { pullReference, tagReference } = ledger.requireTarget();
  await hostActivitiesWithoutLimit(ledger.input.hostId).removeSuccessor({
    swap: ledger.swap,
    imageId: ledger.newImageId ?? '',
    pullReference,
    tagReference,
    previousTagImageId,
    pulledHere: ledger.pulledHere,
  });
}

/** Steps `backup`, `pull` and `create`: all that can be done while the predecessor serves. */
export async function prepare(
  ledger: Ledger,
  timeline: Timeline,
  controls: Controls,
  compensations: Compensations,
): Promise<void> {
  const { hostId, containerName } = ledger.input;
  const target = ledger.requireTarget();
  await controls.whenNotPaused();
  const preparing = canGoAtOnce(ledger) ? prepareAtOnce(ledger) : null;
  // Neither changes anything that runs, and the pull needn't wait for the database.
  const both = [backUp(ledger, timeline, compensations, preparing), pull(ledger, timeline, preparing)] as const;
  const giveUp = (previousTagImageId: string | null) =>
    compensations.register('remove the successor', () => removeSuccessor(ledger, previousTagImageId));
  // In one activity the tag may have been moved by an attempt of which nothing is known.
  if (preparing !== null) {
    compensations.register('remove the successor', async () => {
      const seen = (await preparing.catch(() => null))?.pulled.answer;
      await removeSuccessor(ledger, seen == null ? ledger.requireFacts().imageId : seen.previousTagImageId);
    });
  }
  const [backedUp, pulled] = await Promise.allSettled(both);
  // An image that came goes again also when the update ends before there is a successor.
  const early = preparing === null && sinceOrder2(ledger.input, 'a pulled image is given up');
  if (early && pulled.status === 'fulfilled') giveUp(pulled.value.previousTagImageId);
  if (backedUp.status === 'rejected') throw backedUp.reason;
  if (pulled.status === 'rejected') throw pulled.reason;
  await controls.whenNotPaused();

  const host = hostActivities(hostId, ledger.engineWaitSeconds);
  if (preparing === null && !early) giveUp(pulled.value.previousTagImageId);
  const imageId = ledger.newImageId ?? '';
  const layerWarnings = writableLayerWarnings(ledger);
  const created = await timeline.step(
    'create',
    `Make the successor of ${containerName} beside it and compare it field by field.`,
    async () =>
      settled((await preparing)?.created, () =>
        host.createSuccessor({
          swap: ledger.swap,
          imageId,
          tagReference: target.tagReference,
          imageReference: target.imageReference,
          earlier: target.earlier,
          carryLayer: ledger.writableLayerPolicy === 'carry',
        }),
      ),
    ({ warnings, carried }) => ({
      cause: [
        `${carriesAfterStop(ledger) ? '' : carriedText(carried)}Every setting of the user is as it was; image defaults are the new image’s.`,
        ...(ledger.writableLayerPolicy === 'carry' ? [] : layerWarnings),
      ].join(' '),
      detail: { warnings: [...warnings, ...layerWarnings] },
    }),
  );
  ledger.successorId = created.successorId;
  ledger.successorHasHealthcheck = created.hasHealthcheck;
  ledger.warnings.push(...created.warnings, ...layerWarnings);
  await controls.whenNotPaused();
}
