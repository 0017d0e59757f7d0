import type { Cipher } from '../../domain/cipher.ts';
import { swapNames } from '../../domain/swap-names.ts';
import { heartbeating } from '../heartbeating.ts';
import { captureFailure } from './capture-failure.ts';
import { type CommitSwapInput, commitSwap } from './commit-swap.ts';
import { KnownReferences } from './container-relations.ts';
import { type CreateSuccessorInput, createSuccessor } from './create-successor.ts';
import type { Engine, PullCredentials } from './engine/engine.ts';
import { type FindWhatIsLeftInput, findWhatIsLeft } from './find-what-is-left.ts';
import { type InspectContainerInput, inspectContainer } from './inspect-container.ts';
import { describeHost, inspectForInventory, listContainerNames } from './list-inventory.ts';
import { type PrepareSuccessorInput, prepareSuccessor } from './prepare-successor.ts';
import { type PreviewRecreationInput, previewRecreation } from './preview-recreation.ts';
import { type PullImageInput, pullImage } from './pull-image.ts';
import { type KeptImage, releaseImages } from './release-images.ts';
import { type RemoveSuccessorInput, removeSuccessor } from './remove-successor.ts';
import { type ReplacePredecessorInput, replacePredecessor } from './replace-predecessor.ts';
import { type RestartDependentInput, restartDependent } from './restart-dependent.ts';
import { retireSuccessor } from './retire-successor.ts';
import { type RevivePredecessorInput, revivePredecessor } from './revive-predecessor.ts';
import { type RunHookInput, runHook } from './run-hook.ts';
import { sealBackup } from './seal-backup.ts';
import { type SettleLeftoversInput, settleLeftovers } from './settle-leftovers.ts';
import { type StartSuccessorInput, startSuccessor } from './start-successor.ts';
import { stopPredecessor } from './stop-predecessor.ts';
import type { Surroundings } from './surroundings/own-surroundings.ts';
import type { Swap } from './swap.ts';
import { SwapTurns, takeSwapTurn, tellWaiting } from './swap-turns.ts';
import { type WatchHealthInput, watchHealth } from './watch-health.ts';

export interface DockerActivityClients {
  engine: Engine;
  cipher: Cipher;
  /** What this program knows of itself on that host. */
  surroundings: Surroundings;
  /** How many of its containers are between `stop` and `health` at the same time. */
  swapsAtOnce: number;
  /** Credentials of this host for a pull from that registry (host with optional port), or null for none. */
  credentialsFor(registry: string): Promise<PullCredentials | null>;
}

/** The activities that need a host's engine; they run on that host's task queue only. */
export function createDockerActivities({
  engine,
  cipher,
  surroundings,
  swapsAtOnce,
  credentialsFor,
}: DockerActivityClients) {
  const known = new KnownReferences();
  const turns = new SwapTurns(swapsAtOnce);
  return {
    inspectContainer: (input: InspectContainerInput) =>
      heartbeating(() =>
        inspectContainer({ engine, known, surroundings }, input, swapNames(input.containerName, input.updateId).uid),
      ),
    settleLeftovers: (input: SettleLeftoversInput) => settleLeftovers(engine, cipher, input),
    sealBackup: (swap: Swap & { keepTag?: string }) => heartbeating(() => sealBackup(engine, cipher, swap)),
    pullImage: (input: PullImageInput) => pullImage(engine, credentialsFor, input),
    prepareSuccessor: (input: PrepareSuccessorInput) => prepareSuccessor(engine, cipher, credentialsFor, input),
    previewRecreation: (input: PreviewRecreationInput) => heartbeating(() => previewRecreation(engine, input)),
    createSuccessor: (input: CreateSuccessorInput) => heartbeating(() => createSuccessor(engine, cipher, input)),
    stopPredecessor: (swap: Swap) => heartbeating(() => stopPredecessor(engine, swap)),
    startSuccessor: (input: StartSuccessorInput) => heartbeating(() => startSuccessor(engine, input)),
    takeSwapTurn: ({ updateId }: { updateId: string }) =>
      heartbeating(
        () => takeSwapTurn(turns, updateId),
        () => tellWaiting(turns, updateId),
      ),
    endSwapTurn: async ({ updateId }: { updateId: string }) => turns.release(updateId),
    replacePredecessor: (input: ReplacePredecessorInput) =>
      heartbeating(
        () => replacePredecessor(engine, turns, input),
        () => tellWaiting(turns, input.swap.updateId),
      ),
    watchHealth: (input: WatchHealthInput) => watchHealth(engine, turns, input),
    commitSwap: (input: CommitSwapInput) => heartbeating(() => commitSwap(engine, input)),
    releaseImages: ({ images }: { images: KeptImage[] }) => heartbeating(() => releaseImages(engine, images)),
    captureFailure: ({ swap, reason }: { swap: Swap; reason: string }) =>
      heartbeating(() => captureFailure(engine, swap, reason)),
    retireSuccessor: (swap: Swap) => heartbeating(() => retireSuccessor(engine, swap)),
    revivePredecessor: (input: RevivePredecessorInput) => heartbeating(() => revivePredecessor(engine, cipher, input)),
    removeSuccessor: (input: RemoveSuccessorInput) => heartbeating(() => removeSuccessor(engine, input)),
    runHook: (input: RunHookInput) => heartbeating(() => runHook(engine, input)),
    restartDependent: (input: RestartDependentInput) => heartbeating(() => restartDependent(engine, input)),
    findWhatIsLeft: (input: FindWhatIsLeftInput) => heartbeating(() => findWhatIsLeft(engine, input)),
    describeHost: () => heartbeating(() => describeHost(engine)),
    listContainerNames: () => heartbeating(() => listContainerNames(engine)),
    inspectForInventory: ({ names }: { names: string[] }) =>
      heartbeating(() => inspectForInventory(engine, surroundings, names)),
  };
}

export type DockerActivities = ReturnType<typeof createDockerActivities>;
