import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { TypedFailure } from '../../contracts/failure-types.ts';
import type { PullHeartbeat } from '../../contracts/update.ts';
import { parseImageReference } from '../../domain/image-reference.ts';
import { heartbeating } from '../heartbeating.ts';
import type { Engine, PullCredentials } from './engine/engine.ts';

export interface PullImageInput {
  /** By digest (`repository@sha256:…`), so that what was checked is what comes. */
  pullReference: string;
  /** The human tag that will be moved onto the image, or null. */
  tagReference: string | null;
  /** An image that is there already under this id needs no pull (rollback to a kept image). */
  imageId: string | null;
}

export interface PulledImage {
  imageId: string;
  /** True when nothing had to be pulled; such an image is not ours to remove when the update is undone. */
  alreadyPresent: boolean;
  /** What the human tag pointed to before; undoing puts it back. */
  previousTagImageId: string | null;
  bytes: number;
}

/** What a next attempt must know: an image, or a tag, that it finds may be where this attempt brought it. */
export interface PullMemory extends Partial<PullHeartbeat> {
  absentAtFirst?: boolean;
  previousTagImageId: string | null;
}

/** The engine ends what it was just finishing although nobody listens any more. */
const LATE_ARRIVAL_MS = 500;

function rememberedPull(): PullMemory | null {
  const details = Context.current().info.heartbeatDetails as Partial<PullMemory> | undefined;
  return details?.previousTagImageId === undefined
    ? null
    : { ...details, previousTagImageId: details.previousTagImageId };
}

/** A cancelled pull may have brought the image all the same; one that somebody has tagged or uses stays. */
async function giveUpPulled(engine: Engine, pullReference: string): Promise<void> {
  for (const wait of [0, LATE_ARRIVAL_MS]) {
    await delay(wait);
    const image = await engine.inspectImage(pullReference);
    if (image !== null && (image.RepoTags ?? []).length === 0) await engine.removeImage(pullReference);
  }
}

/**
 * Step `pull`, with bytes in the heartbeats. A pull's stream can end without an error and without an image, so only the
 * inspect afterwards counts. A cancelled one leaves no image behind that was not there before.
 * @param onProgress told what its heartbeats tell
 * @throws TypedFailure `PullInterrupted`, `ManifestNotFound`, `RegistryAuthDenied`, `RegistryUnavailable`, `NoSpaceLeft`…
 */
export async function pullImage(
  engine: Engine,
  credentialsFor: (registry: string) => Promise<PullCredentials | null>,
  input: PullImageInput,
  onProgress: (memory: PullMemory) => void = () => undefined,
): Promise<PulledImage> {
  const context = Context.current();
  const [present, tagged] = await Promise.all([
    engine.inspectImage(input.imageId ?? input.pullReference),
    input.tagReference === null ? null : engine.inspectImage(input.tagReference),
  ]);
  const remembered = rememberedPull();
  const previousTagImageId = remembered === null ? (tagged?.Id ?? null) : remembered.previousTagImageId;
  if (present !== null) {
    const alreadyPresent = remembered?.absentAtFirst !== true;
    onProgress(remembered ?? { previousTagImageId });
    return { imageId: present.Id, alreadyPresent, previousTagImageId, bytes: remembered?.bytesTotal ?? 0 };
  }

  const absent = { absentAtFirst: true, previousTagImageId };
  let progress: PullMemory & PullHeartbeat = { bytesDone: 0, bytesTotal: 0, ...absent };
  onProgress(progress);
  const parsed = parseImageReference(input.pullReference);
  if (!parsed.ok)
    throw new TypedFailure(
      'BackupMissing',
      `The image ${input.pullReference} is not on this host any more, and no registry is known to have it.`,
    );
  const credentials = await credentialsFor(parsed.reference.registry);
  try {
    await heartbeating(
      () =>
        engine.pullImage(input.pullReference, {
          credentials,
          onProgress: (sum) => {
            progress = { ...sum, ...absent };
            onProgress(progress);
          },
          signal: context.cancellationSignal,
        }),
      () => progress,
    );
  } catch (error) {
    // Where only the program is stopping the next attempt goes on with what came.
    if (context.cancellationDetails?.cancelRequested === true) await giveUpPulled(engine, input.pullReference);
    throw error;
  }
  const pulled = await engine.inspectImage(input.pullReference);
  if (pulled === null) {
    throw new TypedFailure(
      'PullInterrupted',
      `The pull of ${input.pullReference} ended without an error and without an image.`,
    );
  }
  return { imageId: pulled.Id, alreadyPresent: false, previousTagImageId, bytes: progress.bytesTotal };
}
