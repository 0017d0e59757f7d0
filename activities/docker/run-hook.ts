import { TypedFailure } from '../../contracts/failure-types.ts';
import type { Engine } from './engine/engine.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface RunHookInput {
  containerId: string;
  /** A line for the container's own shell. */
  command: string;
  timeoutSeconds: number;
}

export interface HookEnd {
  /** Null when it had not ended in time. */
  exitCode: number | null;
  /** The end of what it printed, without the container's secrets. */
  output: string;
}

const OUTPUT_CHARACTERS = 2_000;

/**
 * Runs a hook in the container itself, as `sh -c`. It runs again when we died before we heard its end, so it must bear
 * that. A container that does not run has no hook to run.
 * @throws TypedFailure `ContainerNotFound`; `CreateRejected` where the engine can't run it at all
 */
export async function runHook(engine: Engine, input: RunHookInput): Promise<HookEnd> {
  const container = await engine.inspectContainer(input.containerId);
  if (container === null)
    throw new TypedFailure('ContainerNotFound', 'The container was removed by somebody before its hook could run.');
  const { exitCode, output } = await engine.execute(
    container.Id,
    ['sh', '-c', input.command],
    input.timeoutSeconds * 1000,
  );
  return {
    exitCode,
    output: withoutSecrets(output, container.Config.Env ?? [])
      .slice(-OUTPUT_CHARACTERS)
      .trim(),
  };
}
