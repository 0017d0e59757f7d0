import type { ContainerInspect, HostConfig, ImageInspect, MountPoint } from '../engine-types.ts';
import type { FieldDifference } from '../field-difference.ts';
import type { CreateOptions } from './build-create-options.ts';
import { normalPath } from './config-defaults.ts';
import { type ContainerView, viewConfig, viewHostConfig, viewMounts, viewNetworks } from './container-view.ts';
import { type ForeseenSuccessor, foreseeSuccessor } from './foresee-successor.ts';
import { SHORT_ID_LENGTH } from './modes.ts';
import { isShadowedByTmpfs } from './mounts.ts';

const UNEXPLAINED = 'not explained by any rule';
const IMAGE_DEFAULT = 'default of the image';

/**
 * HostConfig fields that no engine fills in by itself. An unexpected line in one of these is a difference; elsewhere it
 * is a default that the engine writes down where the predecessor's had none.
 */
const NEVER_FILLED_IN = [
  'Binds',
  'Mounts',
  'Tmpfs',
  'VolumesFrom',
  'PortBindings',
  'PublishAllPorts',
  'Links',
  'CapAdd',
  'CapDrop',
  'Privileged',
  'Devices',
  'DeviceRequests',
  'DeviceCgroupRules',
  'ExtraHosts',
  'Dns',
  'DnsOptions',
  'DnsSearch',
  'GroupAdd',
  'Sysctls',
  'AutoRemove',
  'ReadonlyRootfs',
  'PidMode',
  'Memory',
  'NanoCpus',
  'CpuShares',
  'CpuQuota',
  'CpusetCpus',
  'NetworkMode',
  'RestartPolicy',
].map((field) => `HostConfig.${field}`);

function fieldOf(path: string): string {
  return path.split('.').slice(0, 2).join('.');
}

function join(...views: ContainerView[]): ContainerView {
  return new Map(views.flatMap((view) => [...view]));
}

function differ(
  before: ContainerView,
  after: ContainerView,
  causeOf: (path: string, before: string | null, after: string | null) => string,
): FieldDifference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const one = before.get(path) ?? null;
    const other = after.get(path) ?? null;
    return one === other ? [] : [{ path, before: one, after: other, cause: causeOf(path, one, other) }];
  });
}

function viewOfSettings(container: ContainerInspect, withoutAliases: ReadonlySet<string>): ContainerView {
  return join(
    viewConfig(container.Config),
    viewHostConfig(container.HostConfig),
    viewNetworks(container.NetworkSettings.Networks, withoutAliases),
  );
}

function viewOfForeseen(foreseen: ForeseenSuccessor): ContainerView {
  return join(
    viewConfig(foreseen.config),
    viewHostConfig(foreseen.hostConfig),
    viewNetworks(foreseen.networks, new Set()),
  );
}

/** Names that the engine adds to a container's aliases by itself. */
function ownAliases(container: ContainerInspect): Set<string> {
  return new Set([
    container.Id.slice(0, SHORT_ID_LENGTH),
    container.Config.Hostname ?? '',
    container.Name.replace(/^\//, ''),
  ]);
}

/**
 * Every field that the successor will have otherwise than its predecessor, with its cause: what follows the new image,
 * and what the rules change on purpose. Variables and labels of the user never differ, so they never appear.
 */
export function describeDifferences(input: {
  predecessor: ContainerInspect;
  options: CreateOptions;
  oldImage: ImageInspect;
  newImage: ImageInspect;
}): FieldDifference[] {
  const { predecessor, options, oldImage, newImage } = input;
  const foreseen = foreseeSuccessor(options, predecessor, newImage);
  const oldDefaults = viewConfig(oldImage.Config ?? {});
  const newDefaults = viewConfig(newImage.Config ?? {});
  const causeOf = (path: string, before: string | null, after: string | null): string => {
    const fromOld = before === null || oldDefaults.get(path) === before;
    const toNew = after === null || newDefaults.get(path) === after;
    return path.startsWith('Config.') && fromOld && toNew ? IMAGE_DEFAULT : UNEXPLAINED;
  };

  const shortId = new Set([predecessor.Id.slice(0, SHORT_ID_LENGTH)]);
  const differences = differ(viewOfSettings(predecessor, shortId), viewOfForeseen(foreseen), causeOf)
    .filter(({ path }) => !isFoundNotSet(path, foreseen.hostConfig))
    .map((difference) => options.explained.find(({ path }) => path === difference.path) ?? difference);
  const volumes = foreseen.newVolumes
    .filter((destination) => !isShadowedByTmpfs(foreseen.hostConfig, destination))
    .map((destination) => ({
      path: `Mounts.${destination}`,
      before: null,
      after: 'a new anonymous volume',
      cause: 'the new image declares this volume',
    }));
  const imageLines: FieldDifference[] = [];
  if (predecessor.Image !== newImage.Id)
    imageLines.push({ path: 'Image', before: predecessor.Image, after: newImage.Id, cause: 'the update' });
  if (predecessor.Config.Image !== options.body.Image) {
    imageLines.push({
      path: 'Config.Image',
      before: predecessor.Config.Image ?? null,
      after: options.body.Image ?? null,
      cause: 'the update',
    });
  }
  return [...imageLines, ...differencesOfIdentity(predecessor, options), ...differences, ...volumes];
}

/** Lines that the predecessor has because the engine wrote down what it found, not because anybody set them. */
function isFoundNotSet(path: string, hostConfig: HostConfig): boolean {
  if ((hostConfig.NetworkMode ?? '').startsWith('container:')) {
    return path === 'Config.Domainname' || path.startsWith('Config.ExposedPorts.');
  }
  return path.startsWith('NetworkSettings.Networks.bridge.');
}

/** Host name and MAC address, which the engine makes itself where nobody set them. */
function differencesOfIdentity(predecessor: ContainerInspect, options: CreateOptions): FieldDifference[] {
  const { Hostname: hostname = '', MacAddress: mac = '' } = predecessor.Config;
  const { NetworkMode: mode = '' } = options.body.HostConfig;
  const differences: FieldDifference[] = [];
  if (hostname !== '' && options.body.Hostname !== hostname) {
    const follows = mode.startsWith('container:') || mode === 'host' || options.body.HostConfig.UTSMode === 'host';
    const generated = hostname === predecessor.Id.slice(0, SHORT_ID_LENGTH);
    const cause = generated
      ? 'the engine makes it from the id of the container'
      : 'it is the name of the machine or container whose network it uses';
    differences.push({
      path: 'Config.Hostname',
      before: hostname,
      after: null,
      cause: generated || follows ? cause : UNEXPLAINED,
    });
  }
  const takesMac = mode !== 'host' && !mode.startsWith('container:');
  if (mac !== '' && takesMac && intendedMacAddress(options)?.mac !== mac) {
    differences.push({ path: 'Config.MacAddress', before: mac, after: null, cause: UNEXPLAINED });
  }
  return differences;
}

function intendedMacAddress(options: CreateOptions): { network: string; mac: string } | null {
  const { MacAddress: mac, NetworkingConfig: networking } = options.body;
  const [network, endpoint] =
    Object.entries(networking.EndpointsConfig).find(([, { MacAddress }]) => (MacAddress ?? '') !== '') ?? [];
  if (network !== undefined && endpoint?.MacAddress !== undefined) return { network, mac: endpoint.MacAddress };
  return mac === undefined || mac === '' ? null : { network: '', mac };
}

function compareSingleFields(
  options: CreateOptions,
  actual: ContainerInspect,
  newImage: ImageInspect,
): FieldDifference[] {
  const { Hostname: hostname, Image: image } = options.body;
  const mac = intendedMacAddress(options);
  const pairs: Array<[string, string | undefined, string | undefined]> = [
    ['Image', newImage.Id, actual.Image],
    ['Config.Image', image, actual.Config.Image],
    ['Config.Hostname', hostname, hostname === undefined ? undefined : actual.Config.Hostname],
  ];
  if (mac !== null) {
    const found = [actual.Config.MacAddress, actual.NetworkSettings.Networks[mac.network]?.MacAddress].find(
      (value) => (value ?? '') !== '',
    );
    pairs.push(['Config.MacAddress', mac.mac.toLowerCase(), found?.toLowerCase()]);
  }
  return pairs.flatMap(([path, before = null, after = null]) =>
    before === after ? [] : [{ path, before, after, cause: UNEXPLAINED }],
  );
}

/**
 * The differences between what was intended and what the engine made, and between the predecessor and the intention,
 * that no rule explains. Empty for a faithful recreation; anything else means that something of the user's was lost.
 * @returns `before` is what was intended, `after` what is there
 */
export function compareSuccessor(input: {
  options: CreateOptions;
  predecessor: ContainerInspect;
  actual: ContainerInspect;
  oldImage: ImageInspect;
  newImage: ImageInspect;
}): FieldDifference[] {
  const { options, predecessor, actual, oldImage, newImage } = input;
  const foreseen = foreseeSuccessor(options, predecessor, newImage);
  const containerMode = (foreseen.hostConfig.NetworkMode ?? '').startsWith('container:');
  const wanted = viewOfForeseen(foreseen);
  const withoutAliases = ownAliases(actual);
  for (const endpoint of Object.values(foreseen.networks))
    for (const alias of endpoint.Aliases ?? []) withoutAliases.delete(alias);

  const made = differ(wanted, viewOfSettings(actual, withoutAliases), () => UNEXPLAINED).filter(({ path, before }) => {
    if (containerMode && path === 'Config.Domainname') return false;
    // Docker leaves the image's shell to the image; an engine that writes it down is right as well.
    if (path === 'Config.Shell' && before === null) return false;
    return before !== null || !path.startsWith('HostConfig.') || NEVER_FILLED_IN.includes(fieldOf(path));
  });
  const isNew = (mount: MountPoint) =>
    mount.Type === 'volume' && foreseen.newVolumes.includes(normalPath(mount.Destination));
  const mounted = differ(
    viewMounts(foreseen.mounts),
    viewMounts(actual.Mounts.filter((mount) => !isNew(mount))),
    () => UNEXPLAINED,
  );
  // The create call itself is checked as well: a rule that forgets a field must not go unseen.
  const forgotten = describeDifferences({ predecessor, options, oldImage, newImage }).filter(
    ({ cause }) => cause === UNEXPLAINED,
  );
  return [...compareSingleFields(options, actual, newImage), ...made, ...mounted, ...forgotten];
}
