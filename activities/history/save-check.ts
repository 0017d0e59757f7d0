import type { CheckedContainer, CheckVerdict } from '../../contracts/check.ts';
import type { Repositories } from '../../db/repositories/repositories.ts';

/** What the registry said of one container, before it is stored. */
export interface CheckedImage {
  containerName: string;
  image: string;
  currentDigest: string | null;
  candidate: { reference: string; digest: string } | null;
  verdict: Exclude<CheckVerdict, 'quarantined'>;
  /** Why, in one plain sentence. */
  reason: string;
}

export interface SaveCheckInput {
  tenantId: string;
  hostId: string;
  checked: CheckedImage[];
}

/** Stores what a check found; a candidate that failed here before is shown as quarantined. */
export async function saveCheck(
  repositories: Repositories,
  { tenantId, hostId, checked }: SaveCheckInput,
): Promise<CheckedContainer[]> {
  const saved: CheckedContainer[] = [];
  for (const image of checked) {
    const container = await repositories.containers.findByName(tenantId, hostId, image.containerName);
    if (container === null) continue;
    let verdict: CheckVerdict = image.verdict;
    let { reason } = image;
    if (image.verdict === 'outdated' && image.candidate !== null) {
      const quarantined = await repositories.quarantine.find(container.id, image.candidate.digest);
      if (quarantined !== null) {
        verdict = 'quarantined';
        reason = `The newer digest ${image.candidate.digest.slice(0, 19)} is quarantined: ${quarantined.reason} Ask with --force to try it again.`;
      }
    }
    // A registry that could not be asked says nothing about what runs here.
    const currentDigest = image.verdict === 'error' ? container.currentDigest : image.currentDigest;
    await repositories.containers.saveCheck({
      containerId: container.id,
      currentDigest,
      candidate: image.candidate,
      verdict,
      reason,
      at: new Date(),
    });
    saved.push({
      containerId: container.id,
      containerName: image.containerName,
      image: image.image,
      currentDigest,
      candidateDigest: image.candidate?.digest ?? null,
      verdict,
      reason,
    });
  }
  return saved;
}
