import { Context } from '@temporalio/activity';
import { heartbeating } from '../heartbeating.ts';
import { type CheckImagesInput, checkImages, type VersionStore } from './check-images.ts';
import { type CandidateImageInput, describeCandidateImage } from './describe-candidate-image.ts';
import { RecentHeads } from './recent-heads.ts';
import type { RegistryClient } from './registry-client.ts';
import { type ResolveCandidateInput, resolveCandidate } from './resolve-candidate.ts';

export interface RegistryActivityClients {
  registryClient: RegistryClient;
  versions: VersionStore;
}

/** The activities that ask registries; they run on the core task queue. */
export function createRegistryActivities({ registryClient, versions }: RegistryActivityClients) {
  const heads = new RecentHeads(registryClient);
  // Asked anew, and remembered for the checks; what a digest names never changes.
  const fresh: RegistryClient = {
    ...registryClient,
    headManifest: (reference) => heads.head(reference, Date.now()),
    getManifest: (reference) => heads.manifest(reference),
    getBlob: (reference) => heads.blob(reference),
  };
  const resolve = (input: ResolveCandidateInput) => resolveCandidate(fresh, input);
  return {
    resolveCandidate: (input: ResolveCandidateInput) => heartbeating(() => resolve(input)),
    describeCandidateImage: (input: CandidateImageInput) =>
      heartbeating(() => describeCandidateImage(registryClient, input)),
    checkImages: (input: CheckImagesInput) => {
      const { log } = Context.current();
      const warn = (message: string, details: Record<string, unknown>) => log.warn(message, details);
      return heartbeating(() => checkImages({ registryClient, heads, versions, warn }, input));
    },
  };
}

export type RegistryActivities = ReturnType<typeof createRegistryActivities>;
