import type { ContainerConfig, EndpointSettings, HostConfig, MountPoint } from '../engine-types.ts';
import { normalPath, normalPort } from './config-defaults.ts';
import { variableName } from './env.ts';
import { normalLinks } from './links.ts';
import { isDefaultBridge } from './networks.ts';

/**
 * A container's configuration as flat lines, path → value, so that two can be compared field by field. Null, absent,
 * empty and zero are one, because the engine itself turns them into each other, except where zero says something.
 */
export type ContainerView = ReadonlyMap<string, string>;

/** Fields in which zero or false is not the same as absent: they override a default of the engine. */
const ZERO_COUNTS = new Set(['Config.StopTimeout', 'HostConfig.MemorySwappiness', 'HostConfig.Init']);
/** Lists in which the engine keeps no order. */
const UNORDERED = new Set(['HostConfig.Links', 'HostConfig.CapAdd', 'HostConfig.CapDrop']);

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

/** JSON with keys in one order and without empty fields, so that equal values give equal text. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, inner]) => !isEmpty(inner));
  return Object.fromEntries(
    entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, inner]) => [key, canonical(inner)]),
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(canonical(value));
}

class ViewBuilder {
  readonly lines = new Map<string, string>();

  add(path: string, value: unknown): void {
    if (ZERO_COUNTS.has(path) && (value === 0 || value === false)) this.lines.set(path, String(value));
    if (isEmpty(value)) return;
    if (Array.isArray(value)) {
      this.lines.set(path, text(UNORDERED.has(path) ? [...value].sort() : value));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) this.add(`${path}.${key}`, inner);
    } else this.lines.set(path, text(value));
  }

  /** Keys that say something by being there, whatever their value is. */
  addKeys(path: string, keys: Iterable<string>): void {
    for (const key of keys) this.lines.set(`${path}.${key}`, 'set');
  }
}

/** Config's lines: one for each variable, label, port and volume. Empty values of these count. */
export function viewConfig(config: ContainerConfig): ContainerView {
  const {
    Env: env,
    Labels: labels,
    ExposedPorts: ports,
    Volumes: volumes,
    Hostname: _generated,
    MacAddress: _endpoint,
    OnBuild: _build,
    Image: _image,
    ...rest
  } = config;
  const view = new ViewBuilder();
  for (const entry of env ?? []) {
    const name = variableName(entry);
    // The last entry of a name wins in the container.
    view.lines.set(`Config.Env.${name}`, entry === name ? '(taken away)' : entry.slice(name.length + 1));
  }
  for (const [key, value] of Object.entries(labels ?? {})) view.lines.set(`Config.Labels.${key}`, value);
  view.addKeys('Config.ExposedPorts', Object.keys(ports ?? {}).map(normalPort));
  view.addKeys('Config.Volumes', Object.keys(volumes ?? {}).map(normalPath));
  for (const [field, value] of Object.entries(rest)) {
    if (field !== 'HostConfig' && field !== 'NetworkingConfig') view.add(`Config.${field}`, value);
  }
  return view.lines;
}

function mountPath(mount: Record<string, unknown>): string {
  const target = mount.Target ?? mount.Destination;
  return `HostConfig.Mounts.${normalPath(typeof target === 'string' ? target : '/')}`;
}

/** HostConfig's lines: one for each bind and mount, by destination, and one for each leaf of the rest. */
export function viewHostConfig(hostConfig: HostConfig): ContainerView {
  const {
    Binds: binds,
    Mounts: mounts,
    Links: links,
    PortBindings: ports,
    PidsLimit: pidsLimit,
    NetworkMode: networkMode,
    RestartPolicy: policy,
    ...rest
  } = hostConfig;
  const view = new ViewBuilder();
  for (const bind of binds ?? []) {
    const parts = bind.split(':');
    view.add(`HostConfig.Binds.${normalPath(parts[1] ?? parts[0] ?? bind)}`, bind);
  }
  for (const mount of mounts ?? []) view.add(mountPath(mount), text(mount));
  for (const [port, bindings] of Object.entries(ports ?? {}))
    view.lines.set(`HostConfig.PortBindings.${normalPort(port)}`, text(bindings ?? []));
  for (const [path, options] of Object.entries(rest.Tmpfs ?? {}))
    view.lines.set(`HostConfig.Tmpfs.${normalPath(path)}`, options);
  view.add('HostConfig.Links', normalLinks(links));
  // Nothing, 0 and -1 all mean no limit.
  if (typeof pidsLimit === 'number' && pidsLimit > 0) view.add('HostConfig.PidsLimit', pidsLimit);
  // `default`, nothing and `bridge` are one mode; newer engines write the last.
  view.add('HostConfig.NetworkMode', isDefaultBridge(networkMode ?? '') ? 'bridge' : networkMode);
  if (policy !== undefined && policy.Name !== 'no') view.add('HostConfig.RestartPolicy', policy);
  for (const [field, value] of Object.entries(rest)) if (field !== 'Tmpfs') view.add(`HostConfig.${field}`, value);
  return view.lines;
}

/** Networks' lines: what was configured of each, without what the engine found at run time. */
export function viewNetworks(
  networks: Readonly<Record<string, EndpointSettings>>,
  withoutAliases: ReadonlySet<string>,
): ContainerView {
  const view = new ViewBuilder();
  for (const [name, endpoint] of Object.entries(networks)) {
    const path = `NetworkSettings.Networks.${name}`;
    view.addKeys('NetworkSettings.Networks', [name]);
    view.addKeys(
      `${path}.Aliases`,
      name === 'bridge' ? [] : (endpoint.Aliases ?? []).filter((alias) => !withoutAliases.has(alias)),
    );
    view.addKeys(`${path}.Links`, normalLinks(endpoint.Links));
    view.add(`${path}.IPAMConfig`, endpoint.IPAMConfig);
    view.add(`${path}.DriverOpts`, endpoint.DriverOpts);
    view.add(`${path}.GwPriority`, endpoint.GwPriority);
  }
  return view.lines;
}

/** Mounts' lines by destination. A volume is known by its name, since its place on the disk is the driver's affair. */
export function viewMounts(mounts: readonly MountPoint[]): ContainerView {
  const view = new ViewBuilder();
  for (const mount of mounts) {
    const path = `Mounts.${normalPath(mount.Destination)}`;
    view.add(`${path}.Type`, mount.Type);
    view.add(`${path}.Source`, mount.Type === 'volume' ? mount.Name : mount.Source);
    view.add(`${path}.Propagation`, mount.Propagation);
    if (mount.RW === false) view.add(`${path}.ReadOnly`, true);
  }
  return view.lines;
}
