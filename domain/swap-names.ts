/** Names that one update uses on a host; whoever finds them there can tell where the swap is. */
export interface SwapNames {
  uid: string;
  /** The container's own name. */
  name: string;
  successorName: string;
  predecessorName: string;
  /** Tag that keeps the old image from being pruned. */
  keepTag: string;
}

export interface ParsedSwapName {
  containerName: string;
  role: 'successor' | 'predecessor';
  uid: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const CONTAINER_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const SWAP_NAME = /^([a-zA-Z0-9][a-zA-Z0-9_.-]*)\.(next|previous)-([0-9a-f]{10})$/;

/**
 * Derives the names of a swap. The uid is the end of the update's UUID, which is random in every UUID version that we
 * make (v4, v7).
 * @throws RangeError when the update id is no UUID or the container's name is none
 */
export function swapNames(containerName: string, updateId: string): SwapNames {
  if (!UUID.test(updateId))
    throw new RangeError(`The update id "${updateId}" is no UUID; updates are started with one.`);
  if (!CONTAINER_NAME.test(containerName)) {
    throw new RangeError(
      `"${containerName}" is no container name; expected letters, digits, dots, dashes and underscores, without a leading slash.`,
    );
  }
  const uid = updateId.slice(-10).toLowerCase();
  return {
    uid,
    name: containerName,
    successorName: `${containerName}.next-${uid}`,
    predecessorName: `${containerName}.previous-${uid}`,
    keepTag: `docker-auto-keep:${uid}`,
  };
}

/** Reads a name that `swapNames` made; null for every other name. The name comes without the engine's leading slash. */
export function parseSwapName(name: string): ParsedSwapName | null {
  const [, containerName, word, uid] = SWAP_NAME.exec(name) ?? [];
  if (containerName === undefined || word === undefined || uid === undefined) return null;
  return { containerName, role: word === 'next' ? 'successor' : 'predecessor', uid };
}
