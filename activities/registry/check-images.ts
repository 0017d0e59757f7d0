import { TypedFailure } from '../../contracts/failure-types.ts';
import type { InventoryContainer } from '../docker/list-inventory.ts';
import type { CheckedImage } from '../history/save-check.ts';
import type { ResolveCandidateInput, ResolveCandidateResult } from './resolve-candidate.ts';

/** What a check needs of a container: no configuration. */
export type ContainerToCheck = Pick<
  InventoryContainer,
  'name' | 'image' | 'imageId' | 'repoTags' | 'repoDigests' | 'platform'
>;

type Resolve = (input: ResolveCandidateInput) => Promise<ResolveCandidateResult>;

function toChecked(container: ContainerToCheck, found: ResolveCandidateResult): CheckedImage {
  const common = {
    containerName: container.name,
    image: container.image,
    currentDigest: found.currentDigest,
    reason: found.reason,
  };
  if (found.kind !== 'candidate') return { ...common, candidate: null, verdict: found.kind };
  if (!found.outdated) return { ...common, candidate: null, verdict: 'up_to_date' };
  return { ...common, candidate: { reference: found.reference, digest: found.digest }, verdict: 'outdated' };
}

/**
 * Asks the registries for a batch of containers; those of the same image share one question. An error of a registry is
 * that container's verdict, never "up to date", and never the end of the others' check.
 */
export async function checkImages(resolve: Resolve, containers: ContainerToCheck[]): Promise<CheckedImage[]> {
  const asked = new Map<string, Promise<ResolveCandidateResult>>();
  return Promise.all(
    containers.map(async (container) => {
      const { image: reference, imageId, repoTags, repoDigests, platform } = container;
      const key = `${reference} ${imageId}`;
      const answer = asked.get(key) ?? resolve({ reference, imageId, repoTags, repoDigests, platform, target: null });
      asked.set(key, answer);
      try {
        return toChecked(container, await answer);
      } catch (error) {
        if (!(error instanceof TypedFailure)) throw error;
        return {
          containerName: container.name,
          image: reference,
          currentDigest: null,
          candidate: null,
          verdict: 'error',
          reason: error.message,
        };
      }
    }),
  );
}
