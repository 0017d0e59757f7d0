import type { KeptImage } from '../../../activities/docker/release-images.ts';
import { hostActivitiesWithoutLimit } from '../activities.ts';
import { commitDependents } from '../dependents/settle-dependents.ts';
import { explainFailure } from '../explain-failure.ts';
import { runPostHook } from '../hooks.ts';
import type { Ledger } from '../ledger.ts';
import type { Timeline } from '../timeline.ts';

function gaveUp(images: number): string {
  return images === 0 ? '' : ` and gave up ${images} kept image${images === 1 ? '' : 's'}`;
}

/** Images that were kept and are not needed once this update is final; its own among them where none is to be kept. */
function imagesToGiveUp(ledger: Ledger): KeptImage[] {
  const { superseded } = ledger.requireOpened();
  const { backup } = ledger;
  if (backup === null || ledger.keepsBackup) return superseded;
  return [...superseded, { imageId: backup.imageId, keepTag: backup.keepTag }];
}

/**
 * Step `commit`: tried for as long as it takes; a healthy service is never rolled back because tidying up failed.
 * @throws ActivityFailure `ContainerNotFound` when somebody removed the successor
 */
export async function commit(ledger: Ledger, timeline: Timeline): Promise<void> {
  const host = hostActivitiesWithoutLimit(ledger.input.hostId);
  const facts = ledger.requireFacts();
  const superseded = imagesToGiveUp(ledger);
  await timeline.step(
    'commit',
    'The successor proved itself; the predecessor goes.',
    async () => {
      await runPostHook(ledger, timeline);
      const left: string[] = [];
      await host
        .commitSwap({ swap: ledger.swap, restartPolicy: facts.restartPolicy, paused: facts.paused, superseded })
        .catch((error: unknown) => {
          const failure = explainFailure(error);
          // Without a successor there is nothing healthy to keep: the predecessor is wanted back.
          if (failure.type === 'ContainerNotFound') throw error;
          left.push(failure.message);
        });
      ledger.tidiedUp = left.length === 0;
      left.push(...(await commitDependents(ledger)));
      return left;
    },
    (left) => ({
      cause:
        left.length > 0
          ? `The new version serves, but something is left to tidy up: ${left.join(' ')}`
          : `Removed the predecessor${gaveUp(superseded.length)}.`,
      detail: { left },
    }),
  );
  const target = ledger.requireTarget();
  ledger.end(
    'success',
    `${ledger.input.containerName} moved from ${short(ledger.currentDigest)} to ${short(target.digest)} of ${target.reference}.`,
  );
}

function short(digest: string | null): string {
  return digest?.slice(0, 19) ?? 'an unknown digest';
}
