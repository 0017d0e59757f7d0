import { type ImageReference, parseImageReference, repositoryName } from './image-reference.ts';

/**
 * The digests that the engine recorded for one repository. An image may have been pulled from, or pushed to, several,
 * and the digest of another repository says nothing about this one.
 * @param repoDigests `RepoDigests` of an image inspect, such as `nginx@sha256:…`
 * @returns digests (`sha256:…`), each once
 */
export function digestsForRepository(repoDigests: readonly string[], reference: ImageReference): string[] {
  const wanted = repositoryName(reference);
  const digests = repoDigests.flatMap((entry) => {
    const parsed = parseImageReference(entry);
    if (!parsed.ok || parsed.reference.digest === null) return [];
    return repositoryName(parsed.reference) === wanted ? [parsed.reference.digest] : [];
  });
  return [...new Set(digests)];
}
