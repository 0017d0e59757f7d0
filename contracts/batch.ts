import type { UpdateInput } from './update.ts';

/** One update of a batch. */
export interface BatchItem {
  /** A UUID; the update is started with it. */
  updateId: string;
  hostId: string;
  containerName: string;
  /** Update ids of the batch that must have ended before, whatever their outcome. */
  after: string[];
}

/** The one input of workflow `batchUpdate`. */
export interface BatchInput {
  batchId: string;
  tenantId: string;
  requestedBy: string;
  /** In the order in which they are wanted. */
  items: BatchItem[];
  /** How many of one host run at the same time. */
  maxParallel: number;
  /** How each of them is done. */
  update: Pick<UpdateInput, 'target' | 'force' | 'backup' | 'strategy' | 'overrides'>;
  /** What a run before this one has done of the batch; none means that this is the first. */
  earlier?: BatchEarlier;
}

export interface BatchEarlier {
  endedIds: string[];
  cancelled: boolean;
}

export type BatchItemState =
  /** Its turn has not come. */
  | 'queued'
  /** Its turn has come, but its container is held by another update; it is tried again. */
  | 'held'
  | 'running'
  | 'ended'
  /** The batch was cancelled before its turn, or it could not be started. */
  | 'not_started';

export interface BatchItemProgress {
  updateId: string;
  state: BatchItemState;
  /** What it waits for besides its turn, or why it was not started, in one plain sentence; else null. */
  why: string | null;
}

/** The answer of query `progress`, and the result of the workflow. */
export interface BatchProgress {
  batchId: string;
  cancelRequested: boolean;
  items: BatchItemProgress[];
}

/** Memo of a batch's run: tells what belongs to it without a worker. */
export interface BatchMemo {
  tenantId: string;
  maxParallel: number;
  items: Array<Pick<BatchItem, 'updateId' | 'hostId' | 'containerName'> & { containerId: string }>;
}
