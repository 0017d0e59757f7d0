import type { ContainerInspectInfo } from 'dockerode';
import type { Change } from './flatten.ts';

/** What a change is judged by. */
export interface Circumstances {
  before: ContainerInspectInfo;
  after: ContainerInspectInfo;
  /** Volumes that the new image declares and the old one doesn't. */
  newVolumes: readonly string[];
}

interface Allowance {
  path: RegExp;
  /** Why it may differ. */
  because: string;
  /** Whether this change is of the kind that may be; any is where this is left out. */
  when?(change: Change, circumstances: Circumstances, matched: string): boolean;
}

const GENERATED_VOLUME = /^[0-9a-f]{64}$/;

const neverRan = (container: ContainerInspectInfo): boolean => container.State.Status === 'created';
const mountAt = (container: ContainerInspectInfo, destination: string) =>
  container.Mounts.find((mount) => mount.Destination === destination);
const isAnonymous = (container: ContainerInspectInfo, destination: string): boolean =>
  GENERATED_VOLUME.test(mountAt(container, destination)?.Name ?? '');

function configuredAddress(container: ContainerInspectInfo, network: string, family: 'IPv4Address' | 'IPv6Address') {
  const endpoint = container.NetworkSettings.Networks[network] as { IPAMConfig?: Record<string, string> | null };
  return endpoint?.IPAMConfig?.[family] ?? '';
}

/** The address that the engine makes from an IPv4 address. */
function generatedMac(ipAddress: string): string {
  const bytes = ipAddress.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
  return `02:42:${bytes.join(':')}`;
}

/** Whether nobody asked for the port that the engine chose: any free one, or one of a range. */
function isFreeChoice(container: ContainerInspectInfo, port: string): boolean {
  const bindings = container.HostConfig.PortBindings as Record<string, Array<{ HostPort?: string }> | null> | null;
  const wanted = (bindings?.[port] ?? []).map(({ HostPort = '' }) => HostPort);
  if (container.HostConfig.PublishAllPorts === true && wanted.length === 0) return true;
  return wanted.some((text) => text === '' || text === '0' || text.includes('-'));
}

/** All that may differ between a container and its successor, other than what its image declares. */
const ALLOWED: readonly Allowance[] = [
  { path: /^Created$/, because: 'it is another container' },
  { path: /^State\.(Pid|StartedAt|FinishedAt)$/, because: 'it is another process, started at another time' },
  { path: /^State\.Health\.(Log(\..*)?|FailingStreak)$/, because: 'results of probes, each with its time' },
  { path: /^ExecIDs(\..*)?$/, because: 'commands that this test runs in it' },
  { path: /^GraphDriver\.Data\./, because: 'its writable layer and those of its image have other places' },
  {
    path: /^NetworkSettings\.(SandboxID|SandboxKey|EndpointID|Networks\.[^.]+\.EndpointID)$/,
    because: 'the engine makes it anew for each start',
  },
  {
    path: /^NetworkSettings\.Networks\.([^.]+)\.(IPAddress|MacAddress)$/,
    because: 'an address that nobody configured; a MAC address made from it follows it',
    when: ({ path, after }, { before, after: container }, network) => {
      const { IPAddress } = container.NetworkSettings.Networks[network] ?? { IPAddress: '' };
      if (configuredAddress(before, network, 'IPv4Address') !== '') return false;
      return path.endsWith('IPAddress') || after === generatedMac(IPAddress);
    },
  },
  {
    path: /^NetworkSettings\.Networks\.([^.]+)\.GlobalIPv6Address$/,
    because: 'an address that nobody configured',
    when: (_change, { before }, network) => configuredAddress(before, network, 'IPv6Address') === '',
  },
  {
    path: /^NetworkSettings\.(IPAddress|MacAddress)$/,
    because: 'the default bridge’s address once more, which can’t be configured',
    when: ({ path, after }, { before, after: container }) => {
      if (path.endsWith('IPAddress')) return true;
      const { MacAddress: configured } = before.Config as { MacAddress?: string };
      const { IPAddress } = container.NetworkSettings as { IPAddress?: string };
      return (configured ?? '') === '' && after === generatedMac(IPAddress ?? '');
    },
  },
  {
    path: /^NetworkSettings\.Networks(\.none\..*)?$/,
    because: 'it was taken off every network; made anew without one, it is in the network `none`',
    when: (_change, { before, after }) =>
      Object.keys(before.NetworkSettings.Networks).length === 0 && after.HostConfig.NetworkMode === 'none',
  },
  {
    path: /^NetworkSettings\.Ports\.([^.]+)\.\d+\.HostPort$/,
    because: 'a port that was left to the engine to choose',
    when: (_change, { before }, port) => isFreeChoice(before, port),
  },
  {
    path: /^HostConfig\.Mounts(?:\.([^.]+)\.(?:Type|Source|Target))?$/,
    because: 'an anonymous volume is attached by its name, or its data would be lost',
    when: ({ path, before, after }, { before: container }, destination = '') => {
      if (path === 'HostConfig.Mounts') return before === null || before === 'null';
      const volume = mountAt(container, destination);
      if (!GENERATED_VOLUME.test(volume?.Name ?? '') || before !== null) return false;
      return after === { Type: 'volume', Source: volume?.Name, Target: destination }[path.split('.').at(-1) ?? ''];
    },
  },
  {
    path: /^Mounts\.([^.]+)\.Mode$/,
    because: 'the engine notes `z` on volumes that are given by name',
    when: ({ before, after }, { before: container }, destination) =>
      isAnonymous(container, destination) && before === '' && after === 'z',
  },
  {
    path: /^Mounts(?:\.([^.]+)\..*)?$/,
    because: 'a volume that only the new image declares',
    when: ({ path, before, after }, { after: container, newVolumes }, destination = '') => {
      if (path === 'Mounts') return before === '[]' && newVolumes.length > 0;
      return (
        newVolumes.includes(destination) && before === null && after !== null && isAnonymous(container, destination)
      );
    },
  },
  {
    path: /^NetworkSettings\.Networks\.[^.]+\.(DriverOpts|IPAMConfig)$/,
    because: 'nothing was configured there, which `docker network connect` writes as an empty object',
    when: ({ before, after }) => before === '{}' && after === 'null',
  },
  {
    path: /^HostConfig\.(Dns|PortBindings)$/,
    because: 'in another container’s network the engine takes neither; empty and nothing are one',
    when: ({ before, after }, { before: { HostConfig } }) =>
      (HostConfig.NetworkMode ?? '').startsWith('container:') &&
      ['[]', '{}'].includes(before ?? '') &&
      after === 'null',
  },
  {
    path: /^NetworkSettings\.Networks\.[^.]+\.(NetworkID|Aliases\.<own short id>)$/,
    because: 'the engine notes it at the first start',
    when: ({ after }, { after: container }) => neverRan(container) && (after === '' || after === null),
  },
  {
    path: /^State\.(Status|ExitCode|OOMKilled|Error)$/,
    because: 'a stopped container stays stopped: its successor has never run',
    when: (_change, { before, after }) => !before.State.Running && neverRan(after),
  },
  {
    path: /^NetworkSettings\.(Networks\.[^.]+\.)?(Gateway|IPAddress|IPPrefixLen|MacAddress)$/,
    because: 'a container that has ended has no place in its network',
    when: ({ after }, { before, after: container }) =>
      before.State.Running && !container.State.Running && (after === '' || after === '0'),
  },
  {
    path: /^(ResolvConfPath|HostnamePath|HostsPath|LogPath|NetworkSettings\.Ports(\..*)?)$/,
    because: 'the engine makes it at the first start',
    when: ({ after }, { after: container }) =>
      neverRan(container) && (after === '' || after === null || after === '{}'),
  },
];

/** The allowance that a change falls under, or null. */
export function allowanceFor(change: Change, circumstances: Circumstances): Allowance | null {
  const found = ALLOWED.find(({ path, when }) => {
    const match = path.exec(change.path);
    return match !== null && (when?.(change, circumstances, match[1] ?? '') ?? true);
  });
  return found ?? null;
}
