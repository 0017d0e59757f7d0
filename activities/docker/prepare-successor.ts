import { Context } from '@temporalio/activity';
import { isPermanentFailure, TypedFailure } from '../../contracts/failure-types.ts';
import type { Cipher } from '../../domain/cipher.ts';
import { heartbeating } from '../heartbeating.ts';
import { type CreatedSuccessor, type CreateSuccessorInput, createSuccessor } from './create-successor.ts';
import type { Engine, PullCredentials } from './engine/engine.ts';
import { type PulledImage, type PullImageInput, type PullMemory, pullImage } from './pull-image.ts';
import { type SealedBackup, sealBackup } from './seal-backup.ts';
import type { Swap } from './swap.ts';

export interface PrepareSuccessorInput {
  swap: Swap;
  pull: PullImageInput;
  create: Pick<CreateSuccessorInput, 'tagReference' | 'imageReference' | 'earlier'>;
}

/** What one of the steps came to. */
export interface Attempted<Answer> {
  /** Null where it failed, or was not come to. */
  answer: Answer | null;
  /** Why it failed, where no trying again mends it; else it is to be tried again by itself. */
  failure: { type: string; message: string } | null;
}

export interface PreparedSuccessor {
  backup: Attempted<SealedBackup>;
  pulled: Attempted<PulledImage>;
  created: Attempted<CreatedSuccessor>;
  /** Whether the image was not on the host before, as far as is known where the pull did not get through. */
  broughtHere: boolean;
  /** Milliseconds until the image was there, in the attempt that ended. */
  pullMs: number;
}

async function attempt<Answer>(run: () => Promise<Answer>): Promise<Attempted<Answer>> {
  try {
    return { answer: await run(), failure: null };
  } catch (error) {
    const permanent = error instanceof TypedFailure && isPermanentFailure(error.type);
    return { answer: null, failure: permanent ? { type: error.type, message: error.message } : null };
  }
}

/**
 * Steps `backup`, `pull` and `create` in one go, as they go when nothing stands in their way: each hand-over between
 * workflow and host costs as much as a step does. What fails for the moment is left to the activity of that step, which
 * has its own patience. All of them look before they act, so an attempt after our own death goes on where the last ended.
 * @throws only when it was cancelled before the image was there, which is given up then
 */
export async function prepareSuccessor(
  engine: Engine,
  cipher: Cipher,
  credentialsFor: (registry: string) => Promise<PullCredentials | null>,
  { swap, pull, create }: PrepareSuccessorInput,
): Promise<PreparedSuccessor> {
  const context = Context.current();
  const began = performance.now();
  let told = context.info.heartbeatDetails as PullMemory | undefined;
  const run = async (): Promise<PreparedSuccessor> => {
    const [backup, pulled] = await Promise.all([
      attempt(() => sealBackup(engine, cipher, swap)),
      attempt(() =>
        pullImage(engine, credentialsFor, pull, (memory) => {
          told = memory;
        }),
      ),
    ]);
    const isCancelled = context.cancellationDetails?.cancelRequested === true;
    // One that the server has given up must not go on beside its next attempt.
    if (pulled.answer === null || !isCancelled) context.cancellationSignal.throwIfAborted();
    const pullMs = Math.round(performance.now() - began);
    const imageId = pulled.answer?.imageId;
    const created: Attempted<CreatedSuccessor> =
      backup.answer === null || imageId === undefined
        ? { answer: null, failure: null }
        : await attempt(() => createSuccessor(engine, cipher, { swap, imageId, ...create }));
    return { backup, pulled, created, pullMs, broughtHere: told?.absentAtFirst === true };
  };
  // A next attempt is still to know whose the image is, and where its tag was.
  return heartbeating(run, () => told);
}
