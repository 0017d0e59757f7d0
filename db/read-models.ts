import type { Candidate, CONTAINER_STATUSES, CONTAINER_VERDICTS } from './entities/container.ts';
import type { HOST_STATES } from './entities/host.ts';
import type { OUTBOX_CHANNELS } from './entities/outbox-message.ts';
import type { UPDATE_STATUSES, UPDATE_TRIGGERS } from './entities/update-history.ts';

export type ContainerStatus = (typeof CONTAINER_STATUSES)[number];
export type ContainerVerdict = (typeof CONTAINER_VERDICTS)[number];
export type HostState = (typeof HOST_STATES)[number];
export type HistoryStatus = (typeof UPDATE_STATUSES)[number];
export type ClosedStatus = Exclude<HistoryStatus, 'running' | 'waiting'>;
export type HistoryTrigger = (typeof UPDATE_TRIGGERS)[number];
export type OutboxChannel = (typeof OUTBOX_CHANNELS)[number];

/** One page of a list; `total` counts all pages. */
export interface Page<T> {
  items: T[];
  total: number;
}

export interface HostRecord {
  id: string;
  tenantId: string;
  name: string;
  kind: string;
  state: HostState;
  stateReason: string | null;
  engineVersion: string | null;
  lastSeenAt: Date | null;
}

/** A container without its configuration, which is secret (see `getConfigJson`). */
export interface ContainerRecord {
  id: string;
  tenantId: string;
  hostId: string;
  name: string;
  /** As in `Config.Image`. */
  image: string;
  tag: string;
  /** The engine's id, 64 hex digits; null until an inventory has seen the container. */
  containerId: string | null;
  status: ContainerStatus;
  updatePolicy: string;
  /** `api`, a label's full name, `default` or `protected`. */
  policyOrigin: string;
  currentDigest: string | null;
  candidate: Candidate | null;
  /** When the candidate's digest was first seen. */
  firstSeenAt: Date | null;
  verdict: ContainerVerdict | null;
  verdictReason: string | null;
  checkedAt: Date | null;
}

export interface UpdateRecord {
  id: string;
  tenantId: string;
  hostId: string;
  /** Id of the container's row, not the engine's. */
  containerId: string;
  containerName: string;
  status: HistoryStatus;
  oldImage: string | null;
  newImage: string | null;
  oldDigest: string | null;
  newDigest: string | null;
  errorType: string | null;
  errorMessage: string | null;
  message: string | null;
  durationSeconds: number | null;
  downtimeMs: number | null;
  triggeredBy: HistoryTrigger;
  requestedBy: string;
  /** The batch that it belongs to. */
  batchId: string | null;
  /** The update that this one undoes. */
  rollbackOf: string | null;
  workflowId: string;
  runId: string | null;
  failedExitCode: number | null;
  startedAt: Date;
  completedAt: Date | null;
}

/** A line of the timeline; `at` is ISO 8601 in UTC. */
export interface UpdateEventRow {
  seq: number;
  step: string;
  state: string;
  cause: string;
  detail: Record<string, unknown>;
  at: string;
}

export interface UpdateDetail extends UpdateRecord {
  /** The last lines of a failed successor's log. */
  logTail: string | null;
  events: UpdateEventRow[];
}

export interface BackupRecord {
  id: string;
  updateId: string;
  tenantId: string;
  containerId: string;
  imageId: string;
  digest: string | null;
  imageReference: string;
  keepTag: string;
  /** Names of the volumes that the container used. */
  volumes: string[];
  createdAt: Date;
  /** When its kept image was given up; null while a rollback can use it. */
  releasedAt: Date | null;
}

export interface SealedBackup extends BackupRecord {
  sealedInspect: Uint8Array;
  sealedImageInspect: Uint8Array;
}

export interface QuarantineRecord {
  id: string;
  containerId: string;
  containerName: string;
  digest: string;
  updateId: string;
  reason: string;
  createdAt: Date;
}

export interface OutboxRecord {
  id: string;
  updateId: string;
  deliveryKey: string;
  channel: OutboxChannel;
  event: string;
  payload: unknown;
  attempts: number;
  createdAt: Date;
}
