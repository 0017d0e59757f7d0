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
  const resolve = (input: ResolveCandidateInput) => resolveCandidate(registryClient, input);
  return {
    resolveCandidate: (input: ResolveCandidateInput) => heartbeating(() => resolve(input)),
    describeCandidateImage: (input: CandidateImageInput) =>
      heartbeating(() => describeCandidateImage(registryClient, input)),
    checkImages: (input: CheckImagesInput) =>
      heartbeating(() => checkImages({ registryClient, heads, versions }, input)),
  };
}

export type RegistryActivities = ReturnType<typeof createRegistryActivities>;
