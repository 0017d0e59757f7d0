import type {
  ContainerConfig,
  ContainerInspect,
  EndpointSettings,
  HostConfig,
  ImageInspect,
  MountPoint,
} from '../engine-types.ts';
import type { CreateOptions } from './build-create-options.ts';
import { normalPath } from './config-defaults.ts';
import { inheritFromImage } from './inherit-from-image.ts';
import { isShadowedByTmpfs } from './mounts.ts';
import { isDefaultBridge } from './networks.ts';

/** The successor as it should come out of the engine, as far as that can be known before. */
export interface ForeseenSuccessor {
  config: ContainerConfig;
  hostConfig: HostConfig;
  networks: Record<string, EndpointSettings>;
  mounts: MountPoint[];
  /** Destinations that get a fresh anonymous volume, because the new image declares them. */
  newVolumes: string[];
}

function foreseeNetworks(options: CreateOptions): Record<string, EndpointSettings> {
  const { HostConfig: hostConfig, NetworkingConfig: networking } = options.body;
  const mode = hostConfig.NetworkMode ?? '';
  const endpoints = { ...networking.EndpointsConfig };
  if (Object.keys(endpoints).length === 0 && !mode.startsWith('container:'))
    endpoints[isDefaultBridge(mode) ? 'bridge' : mode] = {};
  for (const { network, endpoint } of options.connectAfterCreate) endpoints[network] = endpoint;
  return endpoints;
}

/** Foresees a successor from its create call, its image and the mounts of its predecessor, all of which it must have. */
export function foreseeSuccessor(
  options: CreateOptions,
  predecessor: ContainerInspect,
  newImage: ImageInspect,
): ForeseenSuccessor {
  const { HostConfig: hostConfig, NetworkingConfig: _networking, ...own } = options.body;
  const config = inheritFromImage(own, newImage.Config ?? {});
  const mounts = predecessor.Mounts.filter(
    (mount) => mount.Type !== 'volume' || !isShadowedByTmpfs(hostConfig, mount.Destination),
  );
  const mounted = new Set(mounts.map((mount) => normalPath(mount.Destination)));
  const newVolumes = Object.keys(config.Volumes ?? {})
    .map(normalPath)
    .filter((path) => !mounted.has(path));
  return { config, hostConfig, networks: foreseeNetworks(options), mounts, newVolumes };
}
