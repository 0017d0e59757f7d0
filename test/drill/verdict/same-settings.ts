import { isDeepStrictEqual } from 'node:util';
import type Docker from 'dockerode';

type Inspect = Docker.ContainerInspectInfo;

const ANONYMOUS_BIND = /^[0-9a-f]{64}:/;

/** What the user said of a container: without identities, times, what the engine gives out, and the image's own defaults. */
function settingsOf(inspect: Inspect): Record<string, unknown> {
  const { Config, Mounts, NetworkSettings } = inspect;
  const { HostConfig } = inspect as { HostConfig: Docker.HostConfig };
  const {
    Hostname: _hostname,
    Env,
    Labels,
    Cmd: _cmd,
    Entrypoint: _entrypoint,
    Healthcheck: _own,
    Image: _image,
    ...config
  } = Config as typeof Config & { Healthcheck?: unknown };
  // An anonymous volume is mounted by its name by a successor: the same volume, told otherwise.
  const { Binds, Mounts: _mounts, ...hostConfig } = HostConfig;
  return {
    config: { ...config, StopSignal: undefined },
    env: Env.filter((line) => !line.startsWith('APP_VERSION=')),
    labels: Object.entries(Labels).filter(([key]) => key !== 'org.example.version'),
    hostConfig,
    binds: (Binds ?? []).filter((bind) => !ANONYMOUS_BIND.test(bind)),
    mounts: Mounts.map(({ Type, Name, Source, Destination, RW }) => ({ Type, Name, Source, Destination, RW })).sort(
      (a, b) => a.Destination.localeCompare(b.Destination),
    ),
    networks: Object.entries(NetworkSettings.Networks).map(([network, endpoint]) => ({
      network,
      aliases: (endpoint.Aliases ?? []).filter((alias: string) => !inspect.Id.startsWith(alias)),
      address: endpoint.IPAMConfig,
      links: endpoint.Links,
    })),
  };
}

/** Where two values differ, one line for each place, down to what is no plain object on both sides. */
function differences(where: string, one: unknown, other: unknown): string[] {
  // An engine that was started anew shows an empty list where it showed none before.
  if (isDeepStrictEqual(one, other) || (isEmpty(one) && isEmpty(other))) return [];
  if (!isRecord(one) || !isRecord(other))
    return [`${where} was ${JSON.stringify(one)} and is ${JSON.stringify(other)}`];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].flatMap((key) => differences(where === '' ? key : `${where}.${key}`, one[key], other[key]));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Settings of the user in which two containers differ, one line each. */
export function differingSettings(before: Inspect, after: Inspect): string[] {
  return differences('', settingsOf(before), settingsOf(after));
}
