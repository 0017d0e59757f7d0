import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { WaitingHeartbeat } from '../../contracts/update.ts';

/** For what comes between a turn's beginning and the stop: a hook, dependents that are stopped first. */
const LONGEST_PREPARATION_MS = 10 * 60_000;

interface Waiting {
  update: string;
  begin(): void;
}

/**
 * Whose turn it is on one host to be between `stop` and `health`: so few at a time that each container's downtime is
 * nearly as short as alone, while the others are got ready. Kept in memory only: it spares the host, nothing depends on
 * it, and after our own death whoever is in the middle goes on at once.
 */
export class SwapTurns {
  readonly #atOnce: number;
  /** By update id; with what ends a turn that nobody ends. */
  readonly #holders = new Map<string, AbortController>();
  readonly #waiting: Waiting[] = [];

  /** @param atOnce how many have their turn at the same time */
  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** How many this update waits for, or null where it does not wait. */
  ahead(update: string): number | null {
    const place = this.#waiting.findIndex((each) => each.update === update);
    return place < 0 ? null : this.#holders.size + place;
  }

  /**
   * Waits until it is this update's turn, in the order of asking. One that has its turn already keeps it.
   * @returns milliseconds that it waited
   * @throws the signal's reason, when that is aborted before
   */
  async take(update: string, signal: AbortSignal): Promise<number> {
    const began = performance.now();
    if (!this.#holders.has(update) && this.#holders.size >= this.#atOnce) await this.#wait(update, signal);
    this.#hold(update);
    return Math.round(performance.now() - began);
  }

  /** Gives it a turn whoever has one: its container is down already, and waiting would only make that longer. */
  takeAtOnce(update: string): void {
    this.#hold(update);
  }

  /** Lets it keep its turn for that long at most; it may be of no use to it any more, which nobody would tell. */
  async keep(update: string, milliseconds: number): Promise<void> {
    if (!this.#holders.has(update)) return;
    const { signal } = this.#hold(update);
    const ended = await delay(milliseconds, true, { signal, ref: false }).catch(() => false);
    if (ended) this.release(update);
  }

  /** Ends its turn, if it has one. */
  release(update: string): void {
    this.#holders.get(update)?.abort();
    if (this.#holders.delete(update)) this.#beginNext();
  }

  /** Its turn has no end by itself from here on. */
  #hold(update: string): AbortController {
    this.#holders.get(update)?.abort();
    const held = new AbortController();
    this.#holders.set(update, held);
    return held;
  }

  #wait(update: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        update,
        begin: () => {
          signal.removeEventListener('abort', giveUp);
          // At once, so that nobody who asks in this moment comes between.
          this.#hold(update);
          resolve();
        },
      };
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      this.#waiting.push(waiting);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  #beginNext(): void {
    if (this.#holders.size < this.#atOnce) this.#waiting.shift()?.begin();
  }
}

/** Takes a turn before the step that needs it, since what comes first must not be followed by a wait. */
export async function takeSwapTurn(turns: SwapTurns, updateId: string): Promise<{ waitedMs: number }> {
  const waitedMs = await turns.take(updateId, Context.current().cancellationSignal);
  void turns.keep(updateId, LONGEST_PREPARATION_MS);
  return { waitedMs };
}

/** What a heartbeat tells of one that waits for its turn. */
export function tellWaiting(turns: SwapTurns, updateId: string): WaitingHeartbeat | undefined {
  const ahead = turns.ahead(updateId);
  if (ahead === null) return undefined;
  return {
    waitingFor: `All is ready; ${ahead === 1 ? 'another container of this host is' : `${ahead} other containers of this host are`} swapped first.`,
  };
}
