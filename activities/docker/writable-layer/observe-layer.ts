import { TypedFailure } from '../../../contracts/failure-types.ts';
import type { ContainerInspect } from '../../../domain/engine-types.ts';
import {
  countChanges,
  EMPTY_LAYER,
  judgeLayer,
  type WritableLayer,
} from '../../../domain/writable-layer/judge-layer.ts';
import type { Engine } from '../engine/engine.ts';

/** Beyond so many it is clear that there is something, and which of them are empty folders doesn't matter. */
const MOST_LOOKED_AT = 20;

/**
 * What a container holds outside its mounts. An engine that can't tell is no failure: what to do then is for the policy to
 * say. One that is away fails the calls beside this one.
 */
export async function observeLayer(engine: Engine, container: ContainerInspect): Promise<WritableLayer> {
  // Nothing can be written into it.
  if (container.HostConfig.ReadonlyRootfs === true) return EMPTY_LAYER;
  try {
    const counted = countChanges(await engine.listChanges(container.Id), container);
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
