import { TypedFailure } from '../../../contracts/failure-types.ts';
import type { ContainerInspect } from '../../../domain/engine-types.ts';
import {
  countChanges,
  EMPTY_LAYER,
  judgeLayer,
  type WritableLayer,
} from '../../../domain/writable-layer/judge-layer.ts';
import type { LayerChange } from '../../../domain/writable-layer/layer-change.ts';
import type { Engine } from '../engine/engine.ts';

/** Beyond so many it is clear that there is something, and which of them are empty folders doesn't matter. */
const MOST_LOOKED_AT = 20;

/** The engine's list, or why it has none. It is the slowest of the questions, so it is asked beside the others. */
export type AskedChanges = Promise<LayerChange[] | TypedFailure>;

/** Asks for what a container changed; a failure is an answer too, for which nobody may be waiting yet. */
export function askForChanges(engine: Engine, idOrName: string): AskedChanges {
  return engine.listChanges(idOrName).catch((error: unknown) => {
    if (error instanceof TypedFailure) return error;
    throw error;
  });
}

/**
 * What a container holds outside its mounts. An engine that can't tell is no failure: what to do then is for the policy to
 * say. One that is away fails the calls beside this one.
 */
export async function observeLayer(
  engine: Engine,
  container: ContainerInspect,
  asked: AskedChanges,
): Promise<WritableLayer> {
  const changes = await asked;
  if (changes instanceof TypedFailure) return { ...EMPTY_LAYER, unknown: changes.message };
  try {
    const counted = countChanges(changes, container);
    const folders = await Promise.all(
      counted.leaves.slice(0, MOST_LOOKED_AT).map(async ({ path }) => {
        const stat = await engine.statPath(container.Id, path);
        // Gone meanwhile is as good as a folder: nothing is lost.
        return stat === null || stat.folder ? [path] : [];
      }),
    );
    return judgeLayer(counted, container, new Set(folders.flat()));
  } catch (error) {
    if (error instanceof TypedFailure) return { ...EMPTY_LAYER, unknown: error.message };
    throw error;
  }
}
