import {
  CancellationScope,
  CancelledFailure,
  condition,
  defineQuery,
  defineSignal,
  log,
  setHandler,
} from '@temporalio/workflow';
import {
  CANCEL_SIGNAL,
  PAUSE_SIGNAL,
  PROGRESS_QUERY,
  RESUME_SIGNAL,
  type UpdateProgress,
} from '../../contracts/update.ts';
import type { Timeline } from './timeline.ts';

const cancelSignal = defineSignal(CANCEL_SIGNAL);
const pauseSignal = defineSignal(PAUSE_SIGNAL);
const resumeSignal = defineSignal(RESUME_SIGNAL);
const progressQuery = defineQuery<UpdateProgress>(PROGRESS_QUERY);

type SaveStatus = (status: 'running' | 'waiting') => Promise<void>;

/** What people can say to a running update. */
export class Controls {
  paused = false;
  cancelRequested = false;
  readonly #timeline: Timeline;
  readonly #saveStatus: SaveStatus;
  /** One after the other, so that the last word is the last that is stored. */
  #saved: Promise<void> = Promise.resolve();
  readonly #scope = new CancellationScope();
  #committing = false;

  constructor(timeline: Timeline, progress: () => UpdateProgress, saveStatus: SaveStatus) {
    this.#timeline = timeline;
    this.#saveStatus = saveStatus;
    setHandler(progressQuery, progress);
    setHandler(pauseSignal, () => {
      this.paused = true;
      timeline.record(
        'pause',
        'waiting',
        'Paused by request; it waits before its next step, and never stops the old container meanwhile.',
      );
      this.#storeStatus();
    });
    setHandler(resumeSignal, () => {
      if (this.paused) timeline.record('pause', 'done', 'Resumed by request.');
      this.paused = false;
      this.#storeStatus();
    });
    setHandler(cancelSignal, () => this.cancel());
  }

  /** Lists show from the database whether it waits; nothing in the update does. */
  #storeStatus(): void {
    this.#saved = this.#saved.then(() =>
      CancellationScope.nonCancellable(() => this.#saveStatus(this.paused ? 'waiting' : 'running')).catch(
        (error: unknown) => log.warn('The status could not be stored', { error: String(error) }),
      ),
    );
  }

  /** Cancel is honoured until the commit begins; later it would undo a service that has proved itself. */
  cancel(): void {
    if (this.#committing || this.cancelRequested) return;
    this.cancelRequested = true;
    this.#timeline.record('cancel', 'started', 'Cancelled by request; what was done so far is undone.');
    this.#scope.cancel();
  }

  /** Runs the part of the saga that a cancel may interrupt. */
  async cancellable<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    // A cancel of the workflow itself (from the workflow server's UI) means the same as ours.
    CancellationScope.current().cancelRequested.catch(() => this.cancel());
    return this.#scope.run(run);
  }

  /**
   * From here on a cancel comes too late. One that came before counts, although the step that it met ended well.
   * @throws CancelledFailure when a cancel was asked for
   */
  closeForCommit(): void {
    if (this.cancelRequested) throw new CancelledFailure('Cancelled by request.');
    this.#committing = true;
  }

  /** Waits while paused. Asked only before steps that leave the old container serving, so a pause is never an outage. */
  async whenNotPaused(): Promise<void> {
    if (this.paused) await condition(() => !this.paused);
  }
}
