import type { BatchInput, BatchItem, BatchItemProgress, BatchItemState, BatchProgress } from '../../contracts/batch.ts';

interface Turn {
  item: BatchItem;
  state: BatchItemState;
  why: string | null;
}

/**
 * Whose turn it is in a batch: at most so many of one host at a time, each after what it depends on. That something
 * which it depends on failed holds nothing up: it serves again, on the one version or the other.
 */
export class Turns {
  readonly #batchId: string;
  readonly #maxParallel: number;
  /** In the order in which they are wanted. */
  readonly #turns: Map<string, Turn>;
  cancelled: boolean;

  constructor({ batchId, items, maxParallel, earlier }: BatchInput) {
    this.#batchId = batchId;
    this.#maxParallel = maxParallel;
    this.cancelled = earlier?.cancelled ?? false;
    const ended = new Set(earlier?.endedIds ?? []);
    this.#turns = new Map(
      items.map((item) => [item.updateId, { item, state: ended.has(item.updateId) ? 'ended' : 'queued', why: null }]),
    );
  }

  /** The next one to start, or null while none may. */
  next(): BatchItem | null {
    if (this.cancelled) return null;
    const running = new Map<string, number>();
    for (const { item } of this.#all('running')) running.set(item.hostId, (running.get(item.hostId) ?? 0) + 1);
    const hasRoom = ({ hostId }: BatchItem) => (running.get(hostId) ?? 0) < this.#maxParallel;
    const free = this.#all('queued').find(({ item }) => hasRoom(item) && this.#openDependencies(item).length === 0);
    return free?.item ?? null;
  }

  /** Whether one runs whose end is waited for. */
  get someRun(): boolean {
    return this.#all('running').length > 0;
  }

  /** Whether nothing is left to do. */
  get allEnded(): boolean {
    return [...this.#turns.values()].every(({ state }) => state === 'ended' || state === 'not_started');
  }

  get endedIds(): string[] {
    return this.#all('ended').map(({ item }) => item.updateId);
  }

  start(item: BatchItem): void {
    this.#set(item, 'running', null);
  }

  /** Gives the turn back, since the container is held by another update. */
  hold(item: BatchItem): void {
    if (this.cancelled) this.leaveOut(item, CANCELLED);
    else this.#set(item, 'held', 'Another update holds this container; its turn comes when that has ended.');
  }

  /** Puts one that was held back into its place. */
  requeue(item: BatchItem): void {
    if (this.#turns.get(item.updateId)?.state === 'held') this.#set(item, 'queued', null);
  }

  end(item: BatchItem): void {
    this.#set(item, 'ended', null);
  }

  leaveOut(item: BatchItem, why: string): void {
    this.#set(item, 'not_started', why);
  }

  /** No more are started; those that run end by themselves. */
  cancel(): void {
    this.cancelled = true;
    for (const { item } of [...this.#all('queued'), ...this.#all('held')]) this.leaveOut(item, CANCELLED);
  }

  progress(): BatchProgress {
    return {
      batchId: this.#batchId,
      cancelRequested: this.cancelled,
      items: [...this.#turns.values()].map((turn) => this.#tell(turn)),
    };
  }

  #tell({ item, state, why }: Turn): BatchItemProgress {
    return { updateId: item.updateId, state, why: state === 'queued' ? this.#whatItWaitsFor(item) : why };
  }

  #whatItWaitsFor(item: BatchItem): string | null {
    const first = this.#openDependencies(item).map(({ item: { containerName } }) => containerName);
    return first.length === 0 ? null : `It waits for ${first.join(', ')}, which it depends on.`;
  }

  #openDependencies({ after }: BatchItem): Turn[] {
    return after
      .flatMap((id) => this.#turns.get(id) ?? [])
      .filter(({ state }) => state !== 'ended' && state !== 'not_started');
  }

  #all(state: BatchItemState): Turn[] {
    return [...this.#turns.values()].filter((turn) => turn.state === state);
  }

  #set({ updateId }: BatchItem, state: BatchItemState, why: string | null): void {
    const turn = this.#turns.get(updateId);
    if (turn === undefined) throw new Error(`update ${updateId} is not of this batch`);
    turn.state = state;
    turn.why = why;
  }
}

const CANCELLED = 'The batch was cancelled before its turn.';
