import type { WritableLayerPolicy } from '../domain/policy/policy-settings.ts';

/** The steps of an update in their order; the saga page of the specification describes each. */
export const UPDATE_STEPS = [
  'inspect',
  'check',
  'gate',
  'backup',
  'pull',
  'create',
  'stop',
  'start',
  'health',
  'commit',
  'notify',
] as const;
export type UpdateStep = (typeof UPDATE_STEPS)[number];

/** What the history's `status` column holds. `running` and `waiting` are the only ones that change later. */
export const UPDATE_STATUSES = [
  'running',
  'waiting',
  'success',
  'failed',
  'rollback',
  'cancelled',
  'up_to_date',
  'expired',
] as const;
export type UpdateStatus = (typeof UPDATE_STATUSES)[number];
export type UpdateOutcome = Exclude<UpdateStatus, 'running' | 'waiting'>;

export type UpdateTrigger = 'manual' | 'schedule' | 'auto' | 'webhook' | 'batch' | 'rollback';

/** What to move to; absent means what the check finds. */
export type UpdateTarget =
  | { kind: 'tag'; tag: string }
  | { kind: 'digest'; digest: string }
  /** Back to the predecessor of that earlier update, from its backup. */
  | { kind: 'backup'; updateId: string };

/** What this run does otherwise than the container's policy says. Durations in seconds. */
export interface PolicyOverrides {
  /** How long a healthy successor is watched before commit; default 10, 0 turns it off. */
  soakSeconds?: number;
  /** How long to wait for health; default is reckoned from the health check. */
  healthDeadlineSeconds?: number;
  /** How long an engine that is away is waited for before the swap; default 1800. */
  engineWaitSeconds?: number;
  /** How long a registry that is away is waited for; default 600. */
  registryWaitSeconds?: number;
  /** What becomes of files in the writable layer: told, taken along, or a reason to refuse; default `warn`. */
  writableLayer?: WritableLayerPolicy;
}

/** The one input of workflow `updateContainer`. */
export interface UpdateInput {
  updateId: string;
  tenantId: string;
  hostId: string;
  containerName: string;
  trigger: UpdateTrigger;
  requestedBy: string;
  /** The batch that it belongs to. */
  batchId?: string;
  /** `plan` runs the same code with the mutations left out. */
  mode: 'update' | 'plan';
  target?: UpdateTarget;
  /** Goes ahead although the digest is the same, quarantined or the container is stopped. */
  force: boolean;
  backup: boolean;
  strategy: 'recreate';
  overrides: PolicyOverrides;
  /** In which order the workflow does what; see `STEP_ORDER`. Absent in updates of the first order. */
  stepOrder?: number;
}

/** The order of steps that an update begins with today: whoever starts one says so, and it keeps to that to its end. */
export const STEP_ORDER = 3;

export type StepState = 'started' | 'done' | 'skipped' | 'failed' | 'undone' | 'waiting';

/** A line of the timeline, as it is stored in `update_events` and shown. `seq` counts from 1 within one update. */
export interface UpdateEvent {
  seq: number;
  /**
   * A step of the saga; `rollback` and `cancel` for what undoing did; `dependents` and `hook` for what was done to the
   * containers that hang on this one, and by its own hooks.
   */
  step: UpdateStep | 'rollback' | 'cancel' | 'pause' | 'dependents' | 'hook';
  state: StepState;
  /** Why, in one plain sentence. */
  cause: string;
  detail: Record<string, unknown>;
  /** ISO 8601, UTC. */
  at: string;
}

export interface StepTiming {
  step: UpdateStep;
  /** Milliseconds from the step's start to its end, as the workflow saw it. */
  milliseconds: number;
}

/** A field that the successor has otherwise than the predecessor, and why. */
export interface FieldDifference {
  /** Path in the inspect answer, such as `Config.Env.PATH`. */
  path: string;
  before: string | null;
  after: string | null;
  cause: string;
}

export interface PlannedStep {
  step: UpdateStep;
  /** What would be done, in one line. */
  action: string;
  cause: string;
}

export interface UpdatePlan {
  containerName: string;
  /** False when nothing would be done; `reason` then says why. */
  wouldUpdate: boolean;
  reason: string;
  current: ImageVersion;
  candidate: ImageVersion | null;
  steps: PlannedStep[];
  differences: FieldDifference[];
  warnings: string[];
}

export interface ImageVersion {
  /** As people write it, such as `nginx:1.25`. */
  reference: string;
  /** Content digest (`sha256:…`) as the registry knows it, or null for an image that no registry knows. */
  digest: string | null;
  /** Engine's image id (`sha256:…`), or null where the image isn't on the host. */
  imageId: string | null;
}

export interface FailedSuccessor {
  exitCode: number | null;
  oomKilled: boolean;
  /** Why it was not accepted, such as `crashed` or `probe`. */
  reason: string;
  /** The last 200 lines of its log. */
  logTail: string;
}

/** The result of workflow `updateContainer`. */
export interface UpdateResult {
  updateId: string;
  containerName: string;
  outcome: UpdateOutcome;
  /** One plain sentence for people. */
  message: string;
  errorType: FailureTypeName | null;
  from: ImageVersion | null;
  to: ImageVersion | null;
  timings: StepTiming[];
  /** Milliseconds from the predecessor's stop to the successor's start; null when nothing was stopped. */
  downtimeMs: number | null;
  plan: UpdatePlan | null;
}

/** A failure type, the health verdict's reason, or null; kept wide because it is stored and shown only. */
export type FailureTypeName = string;

/** The answer of query `progress`. */
export interface UpdateProgress {
  updateId: string;
  containerName: string;
  status: UpdateStatus;
  step: UpdateStep | 'rollback';
  paused: boolean;
  cancelRequested: boolean;
  events: UpdateEvent[];
  result: UpdateResult | null;
}

/** Names of messages; the workflow defines them under these names. */
export const PROGRESS_QUERY = 'progress';
export const CANCEL_SIGNAL = 'cancel';
export const PAUSE_SIGNAL = 'pause';
export const RESUME_SIGNAL = 'resume';

/** Heartbeat details of an activity that waits: for what, in one plain sentence. */
export interface WaitingHeartbeat {
  waitingFor: string;
}

/** Heartbeat details of the pull activity; bytes over all layers that are known so far. */
export interface PullHeartbeat {
  bytesDone: number;
  bytesTotal: number;
}

/** Memo of an update's run: lets a second request find the running update's id without a worker. */
export interface UpdateMemo {
  updateId: string;
}
