import type {
  ContainerConfig,
  ContainerInspect,
  CreateBody,
  HostConfig,
  ImageInspect,
  MountPoint,
} from '../engine-types.ts';
import type { FieldDifference } from '../field-difference.ts';
import { keepUserCommand } from './command.ts';
import { followImageInComposeLabel } from './compose.ts';
import { keepUserPorts, keepUserScalars, keepUserVolumes } from './config-defaults.ts';
import { deepCopy } from './deep-copy.ts';
import { keepUserEnv } from './env.ts';
import { keepUserHealthcheck } from './healthcheck.ts';
import { keepUserLabels } from './labels.ts';
import { normalLinks } from './links.ts';
import { rewriteReferences, userHostname, withoutRefusedFields } from './modes.ts';
import { reattachAnonymousVolumes } from './mounts.ts';
import { keepNetworks, type NetworkConnection, takesSeveralNetworks } from './networks.ts';

export interface CreateOptionsInput {
  containerInspect: ContainerInspect;
  oldImage: ImageInspect;
  newImage: ImageInspect;
  /** What `Config.Image` becomes; default is what it was. */
  newImageReference?: string;
  /** The engine's API version that the create call is made in, such as `1.41`. */
  apiVersion: string;
  /** Containers that `container:` modes and `volumes-from` refer to: reference as written → present id. */
  presentContainers: ReadonlyMap<string, string>;
  /** Mounts of the containers in `volumes-from`, where known, by the reference as written. */
  sourceMounts?: ReadonlyMap<string, readonly MountPoint[]>;
  /** The machine's own host name, where known: a host-mode container has it without anybody having set it. */
  machineName?: string;
}

export interface CreateOptions {
  body: CreateBody;
  /** To be connected after the create call, before the start, in this order. */
  connectAfterCreate: NetworkConnection[];
  /** What a person should know before it is done, one sentence each. */
  warnings: string[];
  /** Fields that differ from the predecessor on purpose, other than image defaults. */
  explained: FieldDifference[];
}

/** Fields that follow the image where they equal its default, and those that are rebuilt from other fields. */
const REBUILT = [
  'Env',
  'Labels',
  'Entrypoint',
  'Cmd',
  'ExposedPorts',
  'Volumes',
  'User',
  'WorkingDir',
  'StopSignal',
  'Shell',
  'Healthcheck',
  'OnBuild',
  'Hostname',
  'Image',
];

function keepConfig(input: CreateOptionsInput, explained: FieldDifference[]): ContainerConfig {
  const { containerInspect: container } = input;
  const { Config: config } = container;
  const oldConfig = input.oldImage.Config ?? {};
  const kept: ContainerConfig = deepCopy(
    Object.fromEntries(Object.entries(config).filter(([field]) => !REBUILT.includes(field))),
  );

  const compose = followImageInComposeLabel(keepUserLabels(config.Labels, oldConfig.Labels), input.newImage.Id);
  explained.push(...compose.explained);
  const command = keepUserCommand(config, oldConfig);
  // The engine inherits this Windows flag together with Cmd.
  if (command.Cmd === undefined) delete kept.ArgsEscaped;
  const hostname = userHostname(container, input.machineName);
  const env = keepUserEnv(config.Env, oldConfig.Env);
  const ports = keepUserPorts(config, container.HostConfig, oldConfig);
  const volumes = keepUserVolumes(config, oldConfig);
  const healthcheck = keepUserHealthcheck(config.Healthcheck, oldConfig.Healthcheck);
  return {
    ...kept,
    Image: input.newImageReference ?? config.Image ?? input.newImage.Id,
    Labels: compose.labels,
    ...command,
    ...keepUserScalars(config, oldConfig),
    ...(hostname === null ? {} : { Hostname: hostname }),
    ...(env === null ? {} : { Env: env }),
    ...(ports === null ? {} : { ExposedPorts: ports }),
    ...(volumes === null ? {} : { Volumes: volumes }),
    ...(healthcheck === null ? {} : { Healthcheck: healthcheck }),
  };
}

/**
 * Builds the create call of a successor from its predecessor's inspect: nothing is changed but the image. What the user
 * set is kept whole, fields that we don't know included; what equals the old image's default is left out, so that the new
 * image's default applies. The rules are numbered in the specification's page on updates. The input is never changed, and
 * the result shares nothing with it.
 */
export function buildCreateOptions(input: CreateOptionsInput): CreateOptions {
  const { containerInspect: container } = input;
  const explained: FieldDifference[] = [];
  const warnings: string[] = [];

  const references = rewriteReferences(container.HostConfig, input.presentContainers);
  const volumes = reattachAnonymousVolumes(container, input.sourceMounts ?? new Map());
  const networks = keepNetworks(container, input.apiVersion);
  explained.push(...references.explained, ...volumes.explained, ...networks.explained);
  warnings.push(...references.warnings, ...networks.warnings);

  const { HostConfig: before } = container;
  const intended: HostConfig = {
    ...deepCopy(before),
    ...(before.Links === undefined ? {} : { Links: before.Links === null ? null : normalLinks(before.Links) }),
    ...references.fields,
    ...deepCopy(volumes.fields),
    ...networks.fields,
  };
  const { config, hostConfig } = withoutRefusedFields(keepConfig(input, explained), intended);
  // From this version on the address belongs to the endpoint, where `keepNetworks` put it.
  if (takesSeveralNetworks(input.apiVersion)) delete config.MacAddress;

  return {
    body: { ...config, HostConfig: hostConfig, NetworkingConfig: { EndpointsConfig: networks.endpoints } },
    connectAfterCreate: networks.connectAfterCreate,
    warnings,
    explained,
  };
}
