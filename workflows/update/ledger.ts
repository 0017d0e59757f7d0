import type { DependentFacts } from '../../activities/docker/container-relations.ts';
import type { ContainerFacts } from '../../activities/docker/inspect-container.ts';
import type { SealedBackup } from '../../activities/docker/seal-backup.ts';
import type { Swap } from '../../activities/docker/swap.ts';
import type { OpenedHistory } from '../../activities/history/open-history.ts';
import type { UpdateSettings } from '../../activities/history/update-settings.ts';
import type {
  FailedSuccessor,
  ImageVersion,
  UpdateInput,
  UpdateOutcome,
  UpdateProgress,
  UpdateResult,
  UpdateStatus,
} from '../../contracts/update.ts';
import type { WantedRestart } from '../../domain/dependents/find-restarts.ts';
import type { UpdateHooks } from '../../domain/policy/policy-from-labels.ts';
import type { WritableLayerPolicy } from '../../domain/policy/policy-settings.ts';
import type { Controls } from './controls.ts';
import type { DependentSwap } from './dependents/dependent-swap.ts';
import type { Timeline } from './timeline.ts';

/** What the container moves to, once that is decided. */
export interface Target {
  /** As people write it. */
  reference: string;
  pullReference: string;
  /** What the successor's `Config.Image` becomes: as the user wrote it wherever that still holds. */
  imageReference: string;
  /** The human tag to put onto the image, or null. */
  tagReference: string | null;
  digest: string | null;
  /** Known for an image that this host kept (rollback to an earlier update's predecessor). */
  imageId: string | null;
  /** Configuration to go back to, or null to keep the present one. */
  earlier: SealedBackup | null;
}

/** Everything one update has learnt and decided so far. */
export class Ledger {
  readonly input: UpdateInput;
  opened: OpenedHistory | null = null;
  settings: UpdateSettings | null = null;
  facts: (ContainerFacts & { containerId: string }) | null = null;
  currentDigest: string | null = null;
  target: Target | null = null;
  backup: SealedBackup | null = null;
  newImageId: string | null = null;
  pulledHere = false;
  successorId: string | null = null;
  successorHasHealthcheck = false;
  /** Seen running when it had got the name. */
  successorSeenRunning = false;
  /** Host's clock, milliseconds; null while nothing was stopped. */
  stoppedAtMs: number | null = null;
  /** Host's clock, milliseconds; when the container served again, whichever of the two it was. */
  servingAgainAtMs: number | null = null;
  failedSuccessor: FailedSuccessor | null = null;
  /** The swap whose new container failed, where it is a dependent's. */
  failedDependent: Swap | null = null;
  /** What was done to the containers that hang on this one, nearest first. */
  dependentSwaps: DependentSwap[] = [];
  /** Old id → successor's, of this container and its dependents: what refers to the one must refer to the other. */
  moved: Record<string, string> = {};
  /** The same on the way back, for containers that had vanished and were made again under another id. */
  movedBack: Record<string, string> = {};
  warnings: string[] = [];
  /** Whether the commit left nothing to tidy up. */
  tidiedUp = false;
  outcome: UpdateOutcome = 'success';
  errorType: string | null = null;
  message = '';

  constructor(input: UpdateInput) {
    this.input = input;
  }

  get swap(): Swap {
    return {
      updateId: this.input.updateId,
      containerName: this.input.containerName,
      predecessorId: this.requireFacts().containerId,
      successorId: this.successorId,
    };
  }

  requireFacts(): ContainerFacts & { containerId: string } {
    if (this.facts === null) throw new Error('the container was not inspected');
    return this.facts;
  }

  // An update that was begun by an earlier version has facts without these.
  get dependents(): DependentFacts[] {
    return this.requireFacts().dependents ?? [];
  }

  get restarts(): WantedRestart[] {
    return this.requireFacts().restarts ?? [];
  }

  get hooks(): UpdateHooks {
    return this.requireFacts().hooks ?? { pre: null, post: null, timeoutSeconds: 0 };
  }

  requireTarget(): Target {
    if (this.target === null) throw new Error('no candidate was chosen');
    return this.target;
  }

  requireOpened(): OpenedHistory {
    if (this.opened === null) throw new Error('the history was not opened');
    return this.opened;
  }

  /** Whether a later rollback can go back to this update's predecessor; this one's own way back is there anyway. */
  get keepsBackup(): boolean {
    return this.input.backup && this.requireOpened().settings.keepImages > 0;
  }

  /** Seconds; the request rules over the container's label, that over the configuration. */
  get soakSeconds(): number {
    return (
      this.input.overrides.soakSeconds ??
      this.facts?.soakSeconds ??
      (this.opened?.settings ?? this.settings)?.soakSeconds ??
      10
    );
  }

  /** Seconds, or null to reckon it from the health check. */
  get healthDeadlineSeconds(): number | null {
    return this.input.overrides.healthDeadlineSeconds ?? this.facts?.healthDeadlineSeconds ?? null;
  }

  /** The request rules over the container's label. */
  get writableLayerPolicy(): WritableLayerPolicy {
    return this.input.overrides.writableLayer ?? this.facts?.writableLayerPolicy ?? 'warn';
  }

  get engineWaitSeconds(): number {
    return this.input.overrides.engineWaitSeconds ?? 1800;
  }

  get registryWaitSeconds(): number {
    return this.input.overrides.registryWaitSeconds ?? 600;
  }

  end(outcome: UpdateOutcome, message: string, errorType: string | null = null): void {
    this.outcome = outcome;
    this.message = message;
    this.errorType = errorType;
  }

  from(): ImageVersion | null {
    return this.facts === null
      ? null
      : { reference: this.facts.reference, digest: this.currentDigest, imageId: this.facts.imageId };
  }

  to(): ImageVersion | null {
    return this.target === null
      ? null
      : { reference: this.target.reference, digest: this.target.digest, imageId: this.newImageId };
  }

  result(timeline: Timeline): UpdateResult {
    const { stoppedAtMs, servingAgainAtMs } = this;
    return {
      updateId: this.input.updateId,
      containerName: this.input.containerName,
      outcome: this.outcome,
      message: this.message,
      errorType: this.errorType,
      from: this.from(),
      to: this.to(),
      timings: timeline.timings,
      downtimeMs:
        stoppedAtMs === null || servingAgainAtMs === null ? null : Math.max(0, servingAgainAtMs - stoppedAtMs),
      plan: null,
    };
  }

  #closed: UpdateResult | null = null;

  close(result: UpdateResult): void {
    this.#closed = result;
  }

  progress(timeline: Timeline, controls: Controls): UpdateProgress {
    const status: UpdateStatus = this.#closed?.outcome ?? (controls.paused ? 'waiting' : 'running');
    return {
      updateId: this.input.updateId,
      containerName: this.input.containerName,
      status,
      step: timeline.current,
      paused: controls.paused,
      cancelRequested: controls.cancelRequested,
      events: timeline.events,
      result: this.#closed,
    };
  }
}
