import { swapNames } from '../../../domain/swap-names.ts';
import { history, hostActivities, hostActivitiesWithoutLimit, longHostActivities } from '../activities.ts';
import { sinceOrder2 } from '../changes.ts';
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

async function backUp(ledger: Ledger, timeline: Timeline, compensations: Compensations): Promise<void> {
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
      const backup = await host.sealBackup(ledger.swap);
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

async function pull(ledger: Ledger, timeline: Timeline): Promise<{ previousTagImageId: string | null }> {
  const target = ledger.requireTarget();
  const host = longHostActivities(ledger.input.hostId, Math.max(ledger.registryWaitSeconds, 1));
  const pulled = await timeline.step(
    'pull',
    `Bring ${target.pullReference} to the host while the old container serves.`,
    () =>
      host.pullImage({
        pullReference: target.pullReference,
        tagReference: target.tagReference,
        imageId: target.imageId,
      }),
    ({ alreadyPresent, bytes }) => ({
      cause: alreadyPresent
        ? 'The image was on the host already.'
        : `${pulledText(bytes)}; the image is verified to be there.`,
      detail: { alreadyPresent, bytes },
    }),
  );
  ledger.newImageId = pulled.imageId;
  ledger.pulledHere = !pulled.alreadyPresent;
  return pulled;
}

async function removeSuccessor(
  ledger: Ledger,
  pulled: PromiseSettledResult<{ previousTagImageId: string | null }>,
): Promise<void> {
  // Where the predecessor did not come back a person needs both containers.
  if (ledger.outcome === 'failed' || pulled.status === 'rejected') return;
  const { pullReference, tagReference } = ledger.requireTarget();
  await hostActivitiesWithoutLimit(ledger.input.hostId).removeSuccessor({
    swap: ledger.swap,
    imageId: ledger.newImageId ?? '',
    pullReference,
    tagReference,
    previousTagImageId: pulled.value.previousTagImageId,
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
  // Neither changes anything that runs, and the pull needn't wait for the database.
  const [backedUp, pulled] = await Promise.allSettled([
    backUp(ledger, timeline, compensations),
    pull(ledger, timeline),
  ]);
  const giveUp = () => compensations.register('remove the successor', () => removeSuccessor(ledger, pulled));
  // An image that came goes again also when the update ends before there is a successor.
  const registeredEarly = pulled.status === 'fulfilled' && sinceOrder2(ledger.input, 'a pulled image is given up');
  if (registeredEarly) giveUp();
  if (backedUp.status === 'rejected') throw backedUp.reason;
  if (pulled.status === 'rejected') throw pulled.reason;
  await controls.whenNotPaused();

  const host = hostActivities(hostId, ledger.engineWaitSeconds);
  if (!registeredEarly) giveUp();
  const imageId = ledger.newImageId ?? '';
  const layerWarnings = writableLayerWarnings(ledger);
  const created = await timeline.step(
    'create',
    `Make the successor of ${containerName} beside it and compare it field by field.`,
    () =>
      host.createSuccessor({
        swap: ledger.swap,
        imageId,
        tagReference: target.tagReference,
        imageReference: target.imageReference,
        earlier: target.earlier,
        carryLayer: ledger.writableLayerPolicy === 'carry',
      }),
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
