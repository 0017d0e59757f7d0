import type { ContainerInspect } from '../../domain/engine-types.ts';

/**
 * When a container was started that was told to between two moments, in milliseconds since the epoch. The engine knows
 * best, unless its clock is another machine's, or the container was restarted since; then it is the later moment.
 */
export function startedAt(container: ContainerInspect | null, earliestMs: number, latestMs: number): number {
  const told = Date.parse(container?.State.StartedAt ?? '');
  return told >= earliestMs && told <= latestMs ? told : latestMs;
}
