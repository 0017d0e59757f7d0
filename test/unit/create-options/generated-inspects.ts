import fc from 'fast-check';
import { inheritFromImage } from '../../../domain/create-options/inherit-from-image.ts';
import type {
  ContainerConfig,
  ContainerInspect,
  EndpointSettings,
  HostConfig,
  ImageInspect,
  MountPoint,
} from '../../../domain/engine-types.ts';

/** A container as an engine could describe it, its images, and what its user wrote. */
export interface GeneratedInspect {
  container: ContainerInspect;
  oldImage: ImageInspect;
  newImage: ImageInspect;
  apiVersion: string;
  presentContainers: Map<string, string>;
  /** Networks whose MAC address the user configured, and the address. */
  configuredMacs: Map<string, string>;
}

const ID = '0123456789ab'.padEnd(64, 'c');
export const SHORT_ID = ID.slice(0, 12);
const PROVIDER = 'f00d'.repeat(16);
/** What the provider is called by now. */
const PROVIDER_NOW = 'beef'.repeat(16);

const name = fc.constantFrom('A', 'B', 'C', 'PATH', 'LANG', 'com.docker.compose.image', 'com.docker.compose.project');
const word = fc.constantFrom('one', 'two', 'three', 'a=b', '');
const line = fc.array(fc.constantFrom('/bin/x', 'serve', '-v'), { maxLength: 2 });
const keysOf = (...all: string[]): fc.Arbitrary<Record<string, object>> =>
  fc.subarray(all).map((some) => Object.fromEntries(some.map((key) => [key, {}])));
/** Fields that engines to come may add. */
const unknownValue = fc.oneof(
  fc.constantFrom<unknown>(0, 7, '', 'text', true, false, null),
  fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
  fc.dictionary(fc.constantFrom('Inner', 'Other'), fc.constantFrom<unknown>(0, 'x', ['y']), { maxKeys: 2 }),
);

const variables = fc
  .uniqueArray(fc.tuple(name, word), { selector: ([key]) => key })
  .map((pairs) => pairs.map(([key, value]) => `${key}=${value}`));

const healthcheck = fc.option(
  fc.record(
    {
      Test: fc.constantFrom<string[]>(['CMD', 'a'], ['CMD-SHELL', 'b'], ['NONE'], []),
      Interval: fc.constantFrom(0, 1_000_000_000, 2_000_000_000),
      Timeout: fc.constantFrom(0, 1_000_000_000),
      StartPeriod: fc.constantFrom(0, 5_000_000_000),
      Retries: fc.constantFrom(0, 3, 5),
      StartInterval: fc.constantFrom(0, 1_000_000_000),
    },
    { requiredKeys: ['Test'] },
  ),
);

/** Fields that an image gives defaults for. */
const defaults: fc.Arbitrary<ContainerConfig> = fc.record({
  Env: fc.option(variables, { nil: null }),
  Labels: fc.option(fc.dictionary(name, word), { nil: null }),
  Entrypoint: fc.option(line, { nil: null }),
  Cmd: fc.option(line, { nil: null }),
  User: fc.constantFrom('', '1000', 'www'),
  WorkingDir: fc.constantFrom('', '/one', '/two'),
  StopSignal: fc.constantFrom('', 'SIGINT', 'SIGQUIT'),
  ExposedPorts: fc.option(keysOf('80/tcp', '443/tcp', '53/udp'), { nil: null }),
  Volumes: fc.option(keysOf('/data', '/cache'), { nil: null }),
  Healthcheck: healthcheck,
});

/** Fields of Config that are the user's alone. */
const ownConfig: fc.Arbitrary<ContainerConfig> = fc.record(
  {
    Domainname: fc.constantFrom('', 'example.org'),
    Tty: fc.boolean(),
    OpenStdin: fc.boolean(),
    AttachStdout: fc.boolean(),
    StopTimeout: fc.constantFrom(0, 3, 30),
    NetworkDisabled: fc.boolean(),
    SomethingNew: unknownValue,
  },
  { requiredKeys: [] },
);

const limits: fc.Arbitrary<HostConfig> = fc.record(
  {
    Memory: fc.constantFrom(0, 67_108_864),
    CapAdd: fc.option(fc.subarray(['NET_ADMIN', 'SYS_TIME']), { nil: null }),
    Devices: fc.option(fc.array(fc.record({ PathOnHost: word, CgroupPermissions: word }), { maxLength: 1 })),
    Sysctls: fc.dictionary(fc.constantFrom('net.core.somaxconn'), fc.constantFrom('1', '2')),
    RestartPolicy: fc.record({ Name: fc.constantFrom('no', 'always', 'on-failure'), MaximumRetryCount: fc.nat(3) }),
    AutoRemove: fc.boolean(),
    Dns: fc.option(fc.subarray(['192.0.2.1']), { nil: null }),
    ExtraHosts: fc.option(fc.subarray(['printer:192.0.2.7']), { nil: null }),
    PublishAllPorts: fc.boolean(),
    Tmpfs: keysOf('/run', '/cache').map((paths) =>
      Object.fromEntries(Object.keys(paths).map((path) => [path, 'size=1m'])),
    ),
    PortBindings: keysOf('80/tcp', '8080/tcp').map((ports) =>
      Object.fromEntries(Object.keys(ports).map((port) => [port, [{ HostIp: '', HostPort: '1' }]])),
    ),
    UTSMode: fc.constantFrom('', 'host'),
    IpcMode: fc.constantFrom('private', 'host', `container:${PROVIDER}`),
    PidMode: fc.constantFrom('', 'host', `container:${PROVIDER}`),
    SomethingNew: unknownValue,
  },
  { requiredKeys: ['PortBindings'] },
);

interface MountPlan {
  binds: string[];
  mounts: Array<Record<string, unknown>>;
  points: MountPoint[];
}

const volumeName = (index: number): string => `${index}`.padStart(2, '0').repeat(32);

function volumePoint(Name: string, Destination: string, RW = true): MountPoint {
  return { Type: 'volume', Name, Source: `/var/lib/docker/volumes/${Name}/_data`, Destination, Driver: 'local', RW };
}

/** One mount at a place of its own, in each way to write it down. */
const mountAt = (destination: string, index: number): fc.Arbitrary<MountPlan> => {
  const anonymous = volumeName(index);
  return fc.constantFrom<MountPlan>(
    { binds: [], mounts: [], points: [] },
    {
      binds: [`/srv/x:${destination}:ro`],
      mounts: [],
      points: [{ Type: 'bind', Source: '/srv/x', Destination: destination, RW: false }],
    },
    { binds: [`named:${destination}`], mounts: [], points: [volumePoint('named', destination)] },
    { binds: [destination], mounts: [], points: [volumePoint(anonymous, destination)] },
    {
      binds: [],
      mounts: [{ Type: 'volume', Target: destination, VolumeOptions: { Labels: { a: 'b' } } }],
      points: [volumePoint(anonymous, destination)],
    },
    {
      binds: [],
      mounts: [{ Type: 'volume', Source: 'named', Target: destination, ReadOnly: true }],
      points: [volumePoint('named', destination, false)],
    },
    {
      binds: [],
      mounts: [{ Type: 'tmpfs', Target: destination }],
      points: [{ Type: 'tmpfs', Destination: destination }],
    },
  );
};

const mountPlan = fc.tuple(...['/a', '/b', '/data'].map(mountAt)).map(
  (plans): MountPlan => ({
    binds: plans.flatMap(({ binds }) => binds),
    mounts: plans.flatMap(({ mounts }) => mounts),
    points: plans.flatMap(({ points }) => points),
  }),
);

interface GeneratedEndpoint {
  endpoint: EndpointSettings;
  configuredMac: string | null;
}

/** A place in a network: what was configured, with everything that the engine found at run time beside it. */
const endpoint = (network: string, index: number): fc.Arbitrary<GeneratedEndpoint> =>
  fc
    .record({
      aliases: fc.subarray(['web', 'api', SHORT_ID]),
      links: fc.option(fc.constant<string[]>(['db:database'])),
      address: fc.constantFrom('', `10.0.${index}.77`),
      options: fc.constantFrom<Record<string, string> | null>(null, {}, { 'com.example': '1' }),
      mac: fc.constantFrom(null, `02:00:5e:00:53:0${index}`),
    })
    .map(({ aliases, links, address, options, mac }) => {
      const isBridge = !USER_NETWORKS.includes(network);
      // Nothing can be configured in the host's network or in none.
      const isSpecial = isBridge && network !== 'bridge';
      const ip = address === '' || isBridge ? `10.0.${index}.9` : address;
      const generated = `02:42:0a:00:0${index}:${ip.endsWith('77') ? '4d' : '09'}`;
      return {
        configuredMac: isSpecial ? null : mac,
        endpoint: {
          IPAMConfig: address === '' || isBridge ? null : { IPv4Address: address },
          Links: isBridge ? null : links,
          Aliases: isBridge ? null : aliases,
          DriverOpts: isSpecial ? null : options,
          NetworkID: `${index}`.repeat(64),
          EndpointID: 'e'.repeat(64),
          Gateway: `10.0.${index}.1`,
          IPAddress: ip,
          IPPrefixLen: 24,
          MacAddress: mac ?? generated,
        },
      };
    });

const USER_NETWORKS = ['front', 'back'];
const NETWORKS = ['bridge', ...USER_NETWORKS, 'host', 'none'];

const networking = fc
  .record({
    mode: fc.constantFrom('default', 'bridge', 'front', 'host', 'none', `container:${PROVIDER}`, 'container:provider'),
    also: fc.subarray(USER_NETWORKS),
    endpoints: fc.tuple(...NETWORKS.map(endpoint)),
  })
  .map(({ mode, also, endpoints }) => {
    const places = new Map(NETWORKS.map((network, index) => [network, endpoints[index]] as const));
    const alone = mode === 'host' || mode === 'none' || mode.startsWith('container:');
    const main = mode === 'default' ? 'bridge' : mode;
    const joined = mode === 'host' || mode === 'none' ? [mode] : alone ? [] : [...new Set([main, ...also])];
    return {
      mode,
      main: alone ? null : main,
      places: joined.flatMap((n) => (places.get(n) ? [[n, places.get(n)] as const] : [])),
    };
  });

/** An engine has never made a container in another's network with one of these. */
const REFUSED_WITH_ANOTHER: HostConfig = { PortBindings: {}, Dns: [], ExtraHosts: null, PublishAllPorts: false };

function imageOf(Id: string, Config: ContainerConfig): ImageInspect {
  return { Id, Config };
}

/** Containers of every kind, from images that differ in every default. */
export const generatedInspect: fc.Arbitrary<GeneratedInspect> = fc
  .record({
    user: defaults,
    own: ownConfig,
    oldDefaults: defaults,
    newDefaults: defaults,
    limits,
    mounts: mountPlan,
    networking,
    hostname: fc.constantFrom(SHORT_ID, 'chosen', ''),
    apiVersion: fc.constantFrom('1.41', '1.43', '1.44', '1.50'),
    providerIsThere: fc.boolean(),
  })
  .map((given): GeneratedInspect => {
    const { user, own, oldDefaults, newDefaults, mounts, networking: net, apiVersion } = given;
    const several = Number(apiVersion.split('.')[1]) >= 44;
    const joinsAnother = net.mode.startsWith('container:');
    const limits = joinsAnother ? { ...given.limits, ...REFUSED_WITH_ANOTHER } : given.limits;
    const published = Object.keys(limits.PortBindings ?? {}).map((port) => [port, {}] as const);
    const made = inheritFromImage(
      { ...user, ExposedPorts: { ...user.ExposedPorts, ...Object.fromEntries(published) } },
      oldDefaults,
    );
    const isShadowed = (path: string) => path in (limits.Tmpfs ?? {});
    const taken = new Set(mounts.points.map(({ Destination }) => Destination));
    const imageVolumes = Object.keys(made.Volumes ?? {})
      .filter((path) => !taken.has(path) && !isShadowed(path))
      .map((path, index) => volumePoint(volumeName(50 + index), path));

    const mainMac = net.places.find(([network]) => network === net.main)?.[1]?.configuredMac ?? null;
    const configuredMacs = new Map<string, string>();
    const networks: Record<string, EndpointSettings> = {};
    for (const [network, place] of net.places) {
      if (place === undefined) continue;
      // Below 1.44 there is one configured address at most, the main network's.
      const mac = several || network === net.main ? place.configuredMac : null;
      networks[network] = { ...place.endpoint };
      if (mac !== null) configuredMacs.set(network, mac);
      else
        networks[network].MacAddress =
          '02:42:' +
          (place.endpoint.IPAddress as string)
            .split('.')
            .map((b) => Number(b).toString(16).padStart(2, '0'))
            .join(':');
    }
    const Config: ContainerConfig = {
      ...own,
      ...made,
      Image: 'shop/web:1.25',
      Hostname: given.hostname,
      ...(mainMac === null || several ? {} : { MacAddress: mainMac }),
    };
    const HostConfig: HostConfig = {
      ...limits,
      NetworkMode: net.mode,
      Binds: mounts.binds.length === 0 ? null : mounts.binds,
      ...(mounts.mounts.length === 0 ? {} : { Mounts: mounts.mounts }),
    };
    return {
      container: {
        Id: ID,
        Name: '/web',
        Image: 'sha256:old',
        Created: '2026-01-01T00:00:00Z',
        RestartCount: 0,
        State: { Status: 'running', Running: true, Paused: false, Restarting: false, ExitCode: 0, StartedAt: '' },
        Config,
        HostConfig,
        Mounts: [...mounts.points, ...imageVolumes],
        NetworkSettings: { Networks: networks },
      },
      oldImage: imageOf('sha256:old', oldDefaults),
      newImage: imageOf('sha256:new', newDefaults),
      apiVersion,
      presentContainers: new Map(
        given.providerIsThere
          ? [
              [PROVIDER, PROVIDER_NOW],
              ['provider', PROVIDER_NOW],
            ]
          : [],
      ),
      configuredMacs,
    };
  });
