import type { ContainerInspect, MountPoint } from '../../domain/engine-types.ts';
import type { Engine } from './engine/engine.ts';

const REFERENCE = /^(?:container:)?([^:]+)/;

/** What a container's recreation must know of the engine around it. */
export interface Neighbourhood {
  apiVersion: string;
  machineName: string;
  /** Reference as written (in network, IPC and PID modes and `volumes-from`) → present id. */
  presentContainers: ReadonlyMap<string, string>;
  /** Reference as written in `volumes-from` → the mounts of that container. */
  sourceMounts: ReadonlyMap<string, readonly MountPoint[]>;
}

function referredContainers(container: ContainerInspect): string[] {
  const { NetworkMode, IpcMode, PidMode, VolumesFrom } = container.HostConfig;
  const modes = [NetworkMode, IpcMode, PidMode].filter((mode) => mode?.startsWith('container:'));
  return [...modes, ...(VolumesFrom ?? [])].flatMap((text) => REFERENCE.exec(text ?? '')?.[1] ?? []);
}

/** Containers that were replaced a moment ago: old id → the successor's. Both exist until the update is committed. */
export type Moved = Readonly<Record<string, string>>;

const ID_PREFIX = /^[a-f0-9]{12,64}$/;

function presentReference(reference: string, moved: Moved): string {
  if (!ID_PREFIX.test(reference)) return reference;
  const [, successor] = Object.entries(moved).find(([old]) => old.startsWith(reference)) ?? [];
  return successor ?? reference;
}

/** Whether a container refers to one that was replaced. */
export function refersToMoved(container: ContainerInspect, moved: Moved): boolean {
  return referredContainers(container).some((reference) => presentReference(reference, moved) !== reference);
}

/**
 * For a configuration of earlier: the containers that it refers to and that are gone, each with the one that the present
 * container refers to in the same place. Whoever made the present one again for its provider's sake wrote that there.
 */
export async function sinceReplaced(
  engine: Engine,
  earlier: ContainerInspect,
  present: ContainerInspect | null,
): Promise<Moved> {
  const moved: Record<string, string> = {};
  for (const mode of ['NetworkMode', 'IpcMode', 'PidMode'] as const) {
    const [before, now] = [earlier, present].map((container) => containerOfMode(container?.HostConfig[mode]));
    if (before == null || now == null || before === now || moved[before] !== undefined) continue;
    if ((await engine.inspectContainer(before)) === null) moved[before] = now;
  }
  return moved;
}

function containerOfMode(mode: string | undefined): string | null {
  return mode?.startsWith('container:') ? (REFERENCE.exec(mode)?.[1] ?? null) : null;
}

/** Looks at the engine and at the containers that one refers to. One that is gone is left out: the engine says so at create. */
export async function lookAround(
  engine: Engine,
  container: ContainerInspect,
  moved: Moved = {},
): Promise<Neighbourhood> {
  const { apiVersion, machineName } = await engine.version();
  const presentContainers = new Map<string, string>();
  const sourceMounts = new Map<string, readonly MountPoint[]>();
  for (const reference of referredContainers(container)) {
    const referred = await engine.inspectContainer(presentReference(reference, moved));
    if (referred === null) continue;
    presentContainers.set(reference, referred.Id);
    sourceMounts.set(reference, referred.Mounts);
  }
  return { apiVersion, machineName, presentContainers, sourceMounts };
}
