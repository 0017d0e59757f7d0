import type { ContainerConfig, HostConfig } from '../engine-types.ts';
import { deepCopy } from './deep-copy.ts';
import { isEmptyList, sameList } from './equal-values.ts';

/** `80` and `80/tcp` are one port. */
export function normalPort(port: string): string {
  return port.includes('/') ? port : `${port}/tcp`;
}

/** `/data/` and `/data` are one directory. */
export function normalPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return `/${parts.join('/')}`;
}

/**
 * Drops the keys that the old image has. Values in these maps are always empty objects, so the key is all.
 * @param needed keys that stay although the image has them
 */
function keepUserKeys(
  container: Readonly<Record<string, object>> | null | undefined,
  oldImage: Readonly<Record<string, object>> | null | undefined,
  normal: (key: string) => string,
  needed: ReadonlySet<string>,
): Record<string, object> | null {
  const defaults = new Set(Object.keys(oldImage ?? {}).map(normal));
  const kept = Object.entries(container ?? {}).filter(([key]) => !defaults.has(normal(key)) || needed.has(normal(key)));
  return kept.length === 0 ? null : deepCopy(Object.fromEntries(kept));
}

/**
 * Exposed ports that are the user's. Those that are published stay as well: the engine publishes exposed ports only, and
 * the new image may no longer expose what the user publishes.
 */
export function keepUserPorts(
  container: ContainerConfig,
  hostConfig: HostConfig,
  oldImage: ContainerConfig,
): Record<string, object> | null {
  const published = new Set(Object.keys(hostConfig.PortBindings ?? {}).map(normalPort));
  return keepUserKeys(container.ExposedPorts, oldImage.ExposedPorts, normalPort, published);
}

/** Destinations of `Config.Volumes` that are the user's. */
export function keepUserVolumes(container: ContainerConfig, oldImage: ContainerConfig): Record<string, object> | null {
  return keepUserKeys(container.Volumes, oldImage.Volumes, normalPath, new Set());
}

/** Single fields that the image gives a default for; an empty one inherits. */
export function keepUserScalars(
  container: ContainerConfig,
  oldImage: ContainerConfig,
): Pick<ContainerConfig, 'User' | 'WorkingDir' | 'StopSignal' | 'Shell'> {
  const kept: Pick<ContainerConfig, 'User' | 'WorkingDir' | 'StopSignal' | 'Shell'> = {};
  for (const field of ['User', 'WorkingDir', 'StopSignal'] as const) {
    const value = container[field];
    if (value !== undefined && value !== '' && value !== oldImage[field]) kept[field] = value;
  }
  if (!isEmptyList(container.Shell) && !sameList(container.Shell, oldImage.Shell))
    kept.Shell = [...(container.Shell ?? [])];
  return kept;
}
