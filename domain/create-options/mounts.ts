import type { ContainerInspect, HostConfig, MountPoint } from '../engine-types.ts';
import type { FieldDifference } from '../field-difference.ts';
import { normalPath } from './config-defaults.ts';

const CAUSE = 'the anonymous volume is attached by its name, so that its data stays with the container';

/** How the engine names anonymous volumes. */
const GENERATED_NAME = /^[a-f0-9]{64}$/;

type MountEntry = Record<string, unknown>;

/** Where a bind such as `name:/data:ro` mounts; a lone path is an anonymous volume there. */
function bindDestination(bind: string): string {
  const parts = bind.split(':');
  return normalPath(parts[1] ?? parts[0] ?? bind);
}

function isAnonymousBind(bind: string): boolean {
  return bind.startsWith('/') && !bind.includes(':');
}

function isAnonymousMount(mount: MountEntry): boolean {
  return mount.Type === 'volume' && (mount.Source ?? '') === '';
}

function targetOf(mount: MountEntry): string {
  const target = mount.Target ?? mount.Destination;
  return normalPath(typeof target === 'string' ? target : '/');
}

/** Volume mounts of a container by destination. */
function volumesByDestination(mounts: readonly MountPoint[]): Map<string, MountPoint & { Name: string }> {
  return new Map(
    mounts.flatMap((mount) => {
      const { Name: name } = mount;
      return mount.Type === 'volume' && name !== undefined && name !== ''
        ? [[normalPath(mount.Destination), { ...mount, Name: name }] as const]
        : [];
    }),
  );
}

/** A volume under a tmpfs is never seen by the container: nothing of the user's is in it. */
export function isShadowedByTmpfs(hostConfig: HostConfig, destination: string): boolean {
  return Object.keys(hostConfig.Tmpfs ?? {}).some((path) => normalPath(path) === normalPath(destination));
}

/**
 * Whether a volume of a container with `volumes-from` can be an anonymous one of its own: those are declared in
 * Config.Volumes, writable, and have a generated name. Where it may be either, it is attached by name: it is the same
 * volume both ways, and nothing can be lost.
 */
function mayBeOwn(volume: MountPoint & { Name: string }, declared: ReadonlySet<string>): boolean {
  return declared.has(normalPath(volume.Destination)) && volume.RW !== false && GENERATED_NAME.test(volume.Name);
}

/** What `docker run -v /data` or an image's VOLUME made; volumes of `volumes-from` are left to that. */
function ownAnonymousVolumes(
  container: ContainerInspect,
  sourceMounts: ReadonlyMap<string, readonly MountPoint[]>,
): Array<MountPoint & { Name: string }> {
  const { HostConfig: hostConfig } = container;
  const accounted = new Set([
    ...(hostConfig.Binds ?? []).map(bindDestination),
    ...(hostConfig.Mounts ?? []).map(targetOf),
  ]);
  const declared = new Set(Object.keys(container.Config.Volumes ?? {}).map(normalPath));
  const borrows = (hostConfig.VolumesFrom ?? []).length > 0;
  const borrowed = new Set(
    [...sourceMounts.values()].flat().map((mount) => `${mount.Name ?? ''} ${normalPath(mount.Destination)}`),
  );
  return [...volumesByDestination(container.Mounts)].flatMap(([destination, volume]) => {
    if (accounted.has(destination) || isShadowedByTmpfs(hostConfig, destination)) return [];
    if (borrows && !mayBeOwn(volume, declared)) return [];
    if (borrowed.has(`${volume.Name} ${destination}`)) return [];
    return [volume];
  });
}

/**
 * Attaches every anonymous volume by its name, so that the successor has the same data: those of `Config.Volumes` (user's
 * or image's), binds that are a lone path, and volume mounts without a source.
 * @param sourceMounts mounts of the containers in `volumes-from`, where known, by the reference as written
 * @returns the fields of HostConfig to set
 */
export function reattachAnonymousVolumes(
  container: ContainerInspect,
  sourceMounts: ReadonlyMap<string, readonly MountPoint[]>,
): { fields: Pick<HostConfig, 'Binds' | 'Mounts'>; explained: FieldDifference[] } {
  const explained: FieldDifference[] = [];
  const volumes = volumesByDestination(container.Mounts);
  const fields: Pick<HostConfig, 'Binds' | 'Mounts'> = {};

  const { Binds: binds, Mounts: mounts } = container.HostConfig;
  if (binds !== undefined) {
    fields.Binds =
      binds?.map((bind) => {
        const volume = isAnonymousBind(bind) ? volumes.get(bindDestination(bind)) : undefined;
        if (volume === undefined) return bind;
        const named = `${volume.Name}:${bind}`;
        explained.push({ path: `HostConfig.Binds.${bindDestination(bind)}`, before: bind, after: named, cause: CAUSE });
        return named;
      }) ?? null;
  }

  const rewritten = (mounts ?? []).map((mount): MountEntry => {
    const volume = isAnonymousMount(mount) ? volumes.get(targetOf(mount)) : undefined;
    if (volume === undefined) return mount;
    explained.push({
      path: `HostConfig.Mounts.${targetOf(mount)}`,
      before: null,
      after: `volume ${volume.Name}`,
      cause: CAUSE,
    });
    return { ...mount, Source: volume.Name };
  });
  const added = ownAnonymousVolumes(container, sourceMounts).map((volume): MountEntry => {
    explained.push({
      path: `HostConfig.Mounts.${normalPath(volume.Destination)}`,
      before: null,
      after: `volume ${volume.Name}`,
      cause: CAUSE,
    });
    return {
      Type: 'volume',
      Source: volume.Name,
      Target: volume.Destination,
      ...(volume.RW === false ? { ReadOnly: true } : {}),
    };
  });
  if (added.length > 0 || (mounts ?? []).length > 0) fields.Mounts = [...rewritten, ...added];
  return { fields, explained };
}
