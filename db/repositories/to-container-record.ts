import type { ContainerRecord } from '../read-models.ts';

/** The read model of a container's row: without its configuration, detached from the ORM. */
export function toContainerRecord(row: ContainerRecord): ContainerRecord {
  return {
    id: row.id,
    tenantId: row.tenantId,
    hostId: row.hostId,
    name: row.name,
    image: row.image,
    tag: row.tag,
    containerId: row.containerId,
    status: row.status,
    updatePolicy: row.updatePolicy,
    policyOrigin: row.policyOrigin,
    currentDigest: row.currentDigest,
    candidate: row.candidate,
    firstSeenAt: row.firstSeenAt,
    verdict: row.verdict,
    verdictReason: row.verdictReason,
    checkedAt: row.checkedAt,
  };
}
