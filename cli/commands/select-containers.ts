import type { Container } from '../../contracts/api/containers.ts';
import type { ApiClient } from '../api-client/api-client.ts';
import { CommandError } from '../command-error.ts';
import { closeNames } from '../output/close-names.ts';

export interface Selection {
  /** In the order they were named, each once. */
  found: Container[];
  /** A line for each name that no container has. */
  unknown: string[];
}

/** Picks containers by name. */
export function selectByName(names: readonly string[], containers: readonly Container[]): Selection {
  const found: Container[] = [];
  const unknown: string[] = [];
  for (const name of new Set(names)) {
    const matching = containers.filter((container) => container.name === name);
    found.push(...matching);
    if (matching.length === 0) unknown.push(unknownLine(name, containers));
  }
  return { found, unknown };
}

function unknownLine(name: string, containers: readonly Container[]): string {
  const close = closeNames(
    name,
    containers.map((container) => container.name),
  );
  if (close.length > 0)
    return `There is no container "${name}"; did you mean ${close.map((each) => `"${each}"`).join(' or ')}?`;
  return `There is no container "${name}"; docker-auto ps lists what there is.`;
}

/**
 * The containers of these names. What the server knows may be older than a container that was just made, so it is asked
 * to look again before a name counts as unknown.
 * @throws CommandError with one line for each unknown name.
 */
export async function findByName(api: ApiClient, names: readonly string[]): Promise<Container[]> {
  const known = selectByName(names, await api.containers());
  if (known.unknown.length === 0) return known.found;
  await api.check('all');
  const { found, unknown } = selectByName(names, await api.containers());
  if (unknown.length > 0) throw new CommandError(unknown.join('\n'));
  return found;
}
