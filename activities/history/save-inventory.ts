import type { Repositories } from '../../db/repositories/repositories.ts';
import { parseImageReference } from '../../domain/image-reference.ts';
import { policyFromLabels } from '../../domain/policy/policy-from-labels.ts';
import { PROTECTED_POLICY, type UpdatePolicyName } from '../../domain/policy/policy-settings.ts';
import { digestsForRepository } from '../../domain/repo-digests.ts';
import type { HostState, InventoryContainer } from '../docker/list-inventory.ts';

export interface SaveInventoryInput {
  tenantId: string;
  hostId: string;
  containers: InventoryContainer[];
}

function policyOf({ labels }: InventoryContainer, defaultPolicy: UpdatePolicyName) {
  const { policy, origins } = policyFromLabels(labels, defaultPolicy);
  return { updatePolicy: policy, policyOrigin: origins.policy };
}

/** Stores a batch of a host's containers; what was recorded before of the same names is brought up to date. */
export async function saveInventory(
  repositories: Repositories,
  defaultPolicy: UpdatePolicyName,
  input: SaveInventoryInput,
): Promise<void> {
  const items = input.containers.map((container) => {
    const parsed = parseImageReference(container.image);
    return {
      name: container.name,
      image: container.image,
      tag: parsed.ok ? (parsed.reference.tag ?? '') : '',
      containerId: container.containerId,
      status: container.status,
      configJson: container.inspect,
      // Above any label: it is shown as such, and nothing starts its update by itself. Absent in results of older versions.
      ...((container.protectedAs ?? null) === null
        ? policyOf(container, defaultPolicy)
        : { updatePolicy: PROTECTED_POLICY, policyOrigin: PROTECTED_POLICY }),
      currentDigest: parsed.ok ? (digestsForRepository(container.repoDigests, parsed.reference)[0] ?? null) : null,
    };
  });
  await repositories.containers.saveInventory({
    tenantId: input.tenantId,
    hostId: input.hostId,
    items,
    partial: true,
    at: new Date(),
  });
}

/** Marks those containers of a host as removed that are not among `names`: all that its engine has. */
export async function markVanished(
  repositories: Repositories,
  input: { tenantId: string; hostId: string; names: string[] },
): Promise<void> {
  await repositories.containers.markVanished({ ...input, at: new Date() });
}

/** Records whether a host's engine answers. */
export async function saveHost(
  repositories: Repositories,
  input: { tenantId: string; hostId: string; state: HostState },
): Promise<void> {
  const { reachable, engineVersion, reason } = input.state;
  await repositories.hosts.upsert({
    tenantId: input.tenantId,
    id: input.hostId,
    name: input.hostId,
    kind: 'docker',
    state: reachable ? 'reachable' : 'unreachable',
    stateReason: reason,
    engineVersion,
    lastSeenAt: reachable ? new Date() : null,
  });
}
