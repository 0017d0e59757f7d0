import type { Engine } from './engine/engine.ts';

export interface RestartDependentInput {
  containerId: string;
  /** Host's clock, milliseconds since the epoch: one that was started after this has been restarted already. */
  sinceMs: number;
}

/**
 * Restarts a container that asked for it after another was replaced. One that is gone, stopped or was started since is
 * left as it is.
 * @returns whether it was restarted, now or by an earlier attempt
 */
export async function restartDependent(engine: Engine, input: RestartDependentInput): Promise<boolean> {
  const container = await engine.inspectContainer(input.containerId);
  if (container === null || !container.State.Running || container.State.Paused) return false;
  if (Date.parse(container.State.StartedAt) < input.sinceMs) await engine.restartContainer(container.Id);
  return true;
}
