import type { ContainerConfig, ContainerInspect, HostConfig } from '../engine-types.ts';
import type { FieldDifference } from '../field-difference.ts';

/** Digits of a container's id that the engine uses as its host name and as an alias. */
export const SHORT_ID_LENGTH = 12;

/**
 * Which host name to send. The engine's generated one must not be pinned: it is the old id, and in mode `host` the
 * machine's name. With `container:` the engine copies the other container's, and refuses one that is sent; with the
 * machine's UTS namespace it refuses one as well.
 * @param machineName the host's own name where known; without it a host-mode name is kept, for it may be the user's
 */
export function userHostname(container: ContainerInspect, machineName: string | undefined): string | null {
  const { Hostname: hostname } = container.Config;
  const { NetworkMode: networkMode = '' } = container.HostConfig;
  if (hostname === undefined || hostname === '') return null;
  if (hostname === container.Id.slice(0, SHORT_ID_LENGTH)) return null;
  if (networkMode.startsWith('container:') || container.HostConfig.UTSMode === 'host') return null;
  if (networkMode === 'host' && hostname === machineName) return null;
  return hostname;
}

/**
 * Fields that the engine refuses in a container's or the host's network, as changes to Config and HostConfig.
 * Source: the engine's `validateNetMode` and `validateNetContainerMode`.
 */
export function withoutRefusedFields(
  config: ContainerConfig,
  hostConfig: HostConfig,
): { config: ContainerConfig; hostConfig: HostConfig } {
  const networkMode = hostConfig.NetworkMode ?? '';
  if (networkMode === 'host') {
    const { MacAddress: _mac, ...rest } = config;
    return { config: rest, hostConfig: { ...hostConfig, Links: null } };
  }
  if (!networkMode.startsWith('container:')) return { config, hostConfig };
  const { Hostname: _hostname, Domainname: _domainname, ExposedPorts: _ports, MacAddress: _mac, ...rest } = config;
  return {
    config: rest,
    hostConfig: { ...hostConfig, Links: null, Dns: null, ExtraHosts: null, PortBindings: null, PublishAllPorts: false },
  };
}

const LOOKS_LIKE_ID = /^[a-f0-9]{12,64}$/;

const REFERRING_MODES = ['NetworkMode', 'IpcMode', 'PidMode', 'Cgroup'] as const;

/**
 * Rewrites `container:<id>` and `volumes-from` to the containers that have those names now: the old ids may be gone, for
 * those containers may have been recreated as well.
 * @param present reference as written → present id
 */
export function rewriteReferences(
  hostConfig: HostConfig,
  present: ReadonlyMap<string, string>,
): { fields: Partial<HostConfig>; explained: FieldDifference[]; warnings: string[] } {
  const fields: Partial<HostConfig> = {};
  const explained: FieldDifference[] = [];
  const warnings: string[] = [];

  const presentId = (reference: string, where: string): string => {
    const id = present.get(reference);
    if (id === undefined) {
      warnings.push(
        `${where} refers to container ${reference}, which is not on this host any more; recreate that one first, or the engine refuses the successor.`,
      );
      return reference;
    }
    // A name goes on meaning whoever has it, and an id that still holds needs no change.
    return LOOKS_LIKE_ID.test(reference) && !id.startsWith(reference) ? id : reference;
  };

  for (const field of REFERRING_MODES) {
    const mode = hostConfig[field];
    if (typeof mode !== 'string' || !mode.startsWith('container:')) continue;
    const after = `container:${presentId(mode.slice('container:'.length), `HostConfig.${field}`)}`;
    if (after === mode) continue;
    fields[field] = after;
    explained.push({
      path: `HostConfig.${field}`,
      before: mode,
      after,
      cause: 'the container that it refers to has this id now',
    });
  }

  if ((hostConfig.VolumesFrom ?? []).length > 0) {
    fields.VolumesFrom = (hostConfig.VolumesFrom ?? []).map((entry) => {
      const [reference = '', ...mode] = entry.split(':');
      return [presentId(reference, 'HostConfig.VolumesFrom'), ...mode].join(':');
    });
    if (fields.VolumesFrom.join() !== (hostConfig.VolumesFrom ?? []).join()) {
      explained.push({
        path: 'HostConfig.VolumesFrom',
        before: JSON.stringify(hostConfig.VolumesFrom),
        after: JSON.stringify(fields.VolumesFrom),
        cause: 'the containers that it refers to have these ids now',
      });
    }
  }
  return { fields, explained, warnings };
}
