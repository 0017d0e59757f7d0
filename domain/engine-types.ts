/**
 * The parts of the Docker Engine API's answers that our rules look at. Fields we don't know are kept on purpose (the
 * index signatures): newer engines add some, and rule 2 of the recreate rules says that they are the user's.
 * Source of the shapes: Docker Engine API v1.41 reference, `ContainerInspect`, `ImageInspect`.
 */
export interface HealthcheckConfig {
  /** `[]` inherits, `['NONE']` turns off, `['CMD', …]` or `['CMD-SHELL', line]` runs. */
  Test?: string[] | null;
  /** Nanoseconds; 0 or absent inherits (engine default 30 s). */
  Interval?: number;
  /** Nanoseconds; 0 or absent inherits (engine default 30 s). */
  Timeout?: number;
  /** Nanoseconds; 0 or absent means none. */
  StartPeriod?: number;
  /** 0 or absent inherits (engine default 3). */
  Retries?: number;
  [field: string]: unknown;
}

export interface ContainerConfig {
  Hostname?: string;
  Domainname?: string;
  User?: string;
  Env?: string[] | null;
  Cmd?: string[] | null;
  Entrypoint?: string[] | null;
  Image?: string;
  WorkingDir?: string;
  Labels?: Record<string, string> | null;
  ExposedPorts?: Record<string, object> | null;
  Volumes?: Record<string, object> | null;
  StopSignal?: string;
  StopTimeout?: number | null;
  Healthcheck?: HealthcheckConfig | null;
  Shell?: string[] | null;
  OnBuild?: string[] | null;
  MacAddress?: string;
  [field: string]: unknown;
}

export interface RestartPolicy {
  Name: string;
  MaximumRetryCount?: number;
}

export interface HostConfig {
  Binds?: string[] | null;
  Mounts?: Array<Record<string, unknown>> | null;
  Tmpfs?: Record<string, string> | null;
  NetworkMode?: string;
  IpcMode?: string;
  PidMode?: string;
  VolumesFrom?: string[] | null;
  Links?: string[] | null;
  PortBindings?: Record<string, Array<{ HostIp?: string; HostPort?: string }> | null> | null;
  RestartPolicy?: RestartPolicy;
  AutoRemove?: boolean;
  ExtraHosts?: string[] | null;
  Dns?: string[] | null;
  DnsOptions?: string[] | null;
  DnsSearch?: string[] | null;
  [field: string]: unknown;
}

export interface EndpointSettings {
  IPAMConfig?: { IPv4Address?: string; IPv6Address?: string; LinkLocalIPs?: string[] | null } | null;
  Links?: string[] | null;
  Aliases?: string[] | null;
  MacAddress?: string;
  DriverOpts?: Record<string, string> | null;
  NetworkID?: string;
  [field: string]: unknown;
}

export interface MountPoint {
  Type: string;
  Name?: string;
  Source?: string;
  Destination: string;
  Driver?: string;
  Mode?: string;
  RW?: boolean;
  Propagation?: string;
  [field: string]: unknown;
}

export interface ContainerState {
  Status: string;
  Running: boolean;
  Paused: boolean;
  Restarting: boolean;
  OOMKilled?: boolean;
  Dead?: boolean;
  Pid?: number;
  ExitCode: number;
  Error?: string;
  StartedAt: string;
  FinishedAt?: string;
  Health?: {
    Status: string;
    FailingStreak: number;
    Log?: Array<{ ExitCode: number; Output: string; Start?: string; End?: string }> | null;
  };
  [field: string]: unknown;
}

export interface ContainerInspect {
  Id: string;
  /** With its leading slash, as the engine gives it. */
  Name: string;
  /** The image's id (`sha256:…`), not its name; the name is `Config.Image`. */
  Image: string;
  Created: string;
  RestartCount: number;
  Platform?: string;
  State: ContainerState;
  Config: ContainerConfig;
  HostConfig: HostConfig;
  Mounts: MountPoint[];
  NetworkSettings: {
    Networks: Record<string, EndpointSettings>;
    Ports?: Record<string, unknown> | null;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

export interface ImageInspect {
  Id: string;
  RepoTags?: string[] | null;
  RepoDigests?: string[] | null;
  Created?: string;
  Os?: string;
  Architecture?: string;
  Variant?: string;
  Size?: number;
  Config?: ContainerConfig | null;
  [field: string]: unknown;
}

/** The body of `POST /containers/create`: the config's fields at the top, with HostConfig and NetworkingConfig. */
export interface CreateBody extends ContainerConfig {
  HostConfig: HostConfig;
  NetworkingConfig: { EndpointsConfig: Record<string, EndpointSettings> };
}
