import type { Readable } from 'node:stream';
import type { PullHeartbeat } from '../../../contracts/update.ts';
import type {
  ContainerInspect,
  CreateBody,
  EndpointSettings,
  ImageInspect,
  RestartPolicy,
} from '../../../domain/engine-types.ts';
import type { LayerChange } from '../../../domain/writable-layer/layer-change.ts';

/** Credentials as the engine's `X-Registry-Auth` header wants them. */
export interface PullCredentials {
  username?: string;
  password?: string;
  serveraddress?: string;
  identitytoken?: string;
}

export interface ContainerSummary {
  Id: string;
  /** Each with its leading slash. */
  Names: string[];
  Image: string;
  ImageID: string;
  State: string;
  Labels: Record<string, string> | null;
  HostConfig: { NetworkMode?: string };
}

export interface EngineVersion {
  /** Engine API version spoken, after negotiation, such as `1.41`. */
  apiVersion: string;
  engineVersion: string;
  os: string;
  architecture: string;
  /** The machine's own name, which a container in the host's network shows as its hostname. */
  machineName: string;
}

/** An event of the engine's stream; `Action` may carry a suffix (`health_status: healthy`). */
export interface EngineEvent {
  Type: string;
  Action: string;
  Actor: { ID: string; Attributes?: Record<string, string> };
  /** Nanoseconds since the epoch, as near as a number comes to them. */
  timeNano: number;
}

export interface ExecutionEnd {
  /** Null when it had not ended in time; the engine can't end it, so it may go on. */
  exitCode: number | null;
  /** The end of both streams, as text. */
  output: string;
}

/** What lies at a path of a container; a symbolic link is itself, not what it points to. */
export interface PathStat {
  folder: boolean;
}

export type RemoveImageResult = 'removed' | 'absent' | 'in_use';

/**
 * The calls we make to one Docker engine; each method is one call. Every failure is a `TypedFailure`
 * (`map-engine-error.ts`); an engine that can't be reached is always `EngineUnavailable`.
 */
export interface Engine {
  version(): Promise<EngineVersion>;
  listContainers(): Promise<ContainerSummary[]>;
  /** Null when there is no such container. */
  inspectContainer(idOrName: string): Promise<ContainerInspect | null>;
  /** Null when there is no such image. */
  inspectImage(reference: string): Promise<ImageInspect | null>;
  /** Resolves when the stream ends without an error in it. That alone doesn't prove that the image is there. */
  pullImage(
    reference: string,
    options: { credentials: PullCredentials | null; onProgress(progress: PullHeartbeat): void; signal: AbortSignal },
  ): Promise<void>;
  tagImage(source: string, repository: string, tag: string): Promise<void>;
  removeImage(reference: string): Promise<RemoveImageResult>;
  /** @returns the new container's id */
  createContainer(name: string, body: CreateBody): Promise<string>;
  connectNetwork(network: string, containerId: string, endpoint: EndpointSettings): Promise<void>;
  /** A container that runs already is a success. */
  startContainer(id: string): Promise<void>;
  /** Stops with the container's own signal and time-out; one that is stopped or gone is a success. */
  stopContainer(id: string): Promise<void>;
  /** Stop and start in one call, which the engine finishes by itself. */
  restartContainer(id: string): Promise<void>;
  pauseContainer(id: string): Promise<void>;
  unpauseContainer(id: string): Promise<void>;
  renameContainer(id: string, name: string): Promise<void>;
  setRestartPolicy(id: string, policy: RestartPolicy): Promise<void>;
  /** Removes with force; `anonymousVolumes` takes those that only the image asked for. Absent is a success. */
  removeContainer(id: string, options: { anonymousVolumes: boolean }): Promise<void>;
  /** Runs a program in a running container and waits for its end, at most that long. */
  execute(id: string, command: string[], timeoutMs: number): Promise<ExecutionEnd>;
  /** What the container has otherwise than its image; slow where its layer is big. */
  listChanges(id: string): Promise<LayerChange[]>;
  /** Null when there is nothing at that path. */
  statPath(id: string, path: string): Promise<PathStat | null>;
  /** A tar stream of what is at a path, named by the path's last part; null when there is nothing. */
  readArchive(id: string, path: string): Promise<Readable | null>;
  /**
   * Unpacks a tar stream at the container's root, with the owners, modes and times in it. A folder is never replaced by
   * something else, nor the other way round. A failure of the stream is thrown as it is.
   */
  writeArchive(id: string, tar: Readable): Promise<void>;
  /** The last `lines` lines of both streams, as text. */
  tailLog(id: string, lines: number): Promise<string>;
  /**
   * What the engine remembers of one container, oldest first: of the latest 256 events of everything, and none from before
   * it was itself started. `complete` says that it has not had to forget any.
   */
  pastEvents(id: string): Promise<{ events: EngineEvent[]; complete: boolean }>;
  /** Events of one container from now on, until the signal aborts or the engine goes away. */
  containerEvents(id: string, signal: AbortSignal): AsyncIterable<EngineEvent>;
}
