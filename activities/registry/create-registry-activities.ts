import { heartbeating } from '../heartbeating.ts';
import { type ContainerToCheck, checkImages } from './check-images.ts';
import { type CandidateImageInput, describeCandidateImage } from './describe-candidate-image.ts';
import type { RegistryClient } from './registry-client.ts';
import { type ResolveCandidateInput, resolveCandidate } from './resolve-candidate.ts';

export interface RegistryActivityClients {
  registryClient: RegistryClient;
}

/** The activities that ask registries; they run on the core task queue. */
export function createRegistryActivities({ registryClient }: RegistryActivityClients) {
  const resolve = (input: ResolveCandidateInput) => resolveCandidate(registryClient, input);
  return {
    resolveCandidate: (input: ResolveCandidateInput) => heartbeating(() => resolve(input)),
    describeCandidateImage: (input: CandidateImageInput) =>
      heartbeating(() => describeCandidateImage(registryClient, input)),
    checkImages: ({ containers }: { containers: ContainerToCheck[] }) =>
      heartbeating(() => checkImages(resolve, containers)),
  };
}

export type RegistryActivities = ReturnType<typeof createRegistryActivities>;
