import type { ContainerInspect } from '../../domain/engine-types.ts';
import type { Engine } from './engine/engine.ts';

const REFERENCE = /^(?:container:)?([^:]+)/;

function referredContainers(container: ContainerInspect): string[] {
  const { NetworkMode, IpcMode, PidMode, VolumesFrom } = container.HostConfig;
  const modes = [NetworkMode, IpcMode, PidMode].filter((mode) => mode?.startsWith('container:'));
  return [...modes, ...(VolumesFrom ?? [])].flatMap((text) => REFERENCE.exec(text ?? '')?.[1] ?? []);
}

/**
 * The containers that another one refers to in its network, IPC and PID modes and `volumes-from`: reference as written
 * → present id. One that is gone is left out, and the engine then says so at create.
 */
export async function presentContainers(engine: Engine, container: ContainerInspect): Promise<ReadonlyMap<string, string>> {
  const present = new Map<string, string>();
  for (const reference of referredContainers(container)) {
    const referred = await engine.inspectContainer(reference);
    if (referred !== null) present.set(reference, referred.Id);
  }
  return present;
}
