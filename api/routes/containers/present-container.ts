import type { Container } from '../../../contracts/api/containers.ts';
import type { ContainerRecord } from '../../../db/read-models.ts';

/** A container as it goes over the wire. */
export function presentContainer(container: ContainerRecord): Container {
  return {
    id: container.id,
    host_id: container.hostId,
    name: container.name,
    image: container.image,
    tag: container.tag,
    engine_id: container.containerId,
    status: container.status,
    update_policy: container.updatePolicy,
    policy_origin: container.policyOrigin,
    current_digest: container.currentDigest,
    candidate: container.candidate && { reference: container.candidate.reference, digest: container.candidate.digest },
    first_seen_at: container.firstSeenAt?.toISOString() ?? null,
    outdated: container.verdict === 'outdated',
    verdict: container.verdict,
    verdict_reason: container.verdictReason,
    checked_at: container.checkedAt?.toISOString() ?? null,
  };
}
