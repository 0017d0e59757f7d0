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

/**
 * Step `pull`, with bytes in the heartbeats. A pull's stream can end without an error and without an image, so only the
 * inspect afterwards counts.
 * @throws TypedFailure `PullInterrupted`, `ManifestNotFound`, `RegistryAuthDenied`, `RegistryUnavailable`, `NoSpaceLeft`…
 */
export async function pullImage(
  engine: Engine,
  credentialsFor: (registry: string) => Promise<PullCredentials | null>,
  input: PullImageInput,
): Promise<PulledImage> {
  const [present, tagged] = await Promise.all([
    engine.inspectImage(input.imageId ?? input.pullReference),
    input.tagReference === null ? null : engine.inspectImage(input.tagReference),
  ]);
  const previousTagImageId = tagged?.Id ?? null;
  if (present !== null) return { imageId: present.Id, alreadyPresent: true, previousTagImageId, bytes: 0 };

  let progress: PullHeartbeat = { bytesDone: 0, bytesTotal: 0 };
  const parsed = parseImageReference(input.pullReference);
  if (!parsed.ok)
    throw new TypedFailure(
      'BackupMissing',
      `The image ${input.pullReference} is not on this host any more, and no registry is known to have it.`,
    );
  const credentials = await credentialsFor(parsed.reference.registry);
  await heartbeating(
    () =>
      engine.pullImage(input.pullReference, {
        credentials,
        onProgress: (sum) => {
          progress = sum;
        },
        signal: Context.current().cancellationSignal,
      }),
    () => progress,
  );
  const pulled = await engine.inspectImage(input.pullReference);
  if (pulled === null) {
    throw new TypedFailure(
      'PullInterrupted',
      `The pull of ${input.pullReference} ended without an error and without an image.`,
    );
  }
  return { imageId: pulled.Id, alreadyPresent: false, previousTagImageId, bytes: progress.bytesTotal };
}
