import { setTimeout as delay } from 'node:timers/promises';
import { pageNow } from '../rig/sample-container.ts';
import type { Subject } from './subjects.ts';

const LOOK_EVERY_MS = 250;

interface Look {
  at: number;
  serves: boolean;
}

/** Looks at the services as their users would, and keeps when each answered. */
export class ServiceWatch {
  readonly #looks = new Map<string, Look[]>();
  readonly #watching: Promise<unknown>;
  #ended = false;

  constructor(subjects: Subject[]) {
    this.#watching = Promise.all(subjects.map((subject) => this.#watch(subject)));
  }

  /**
   * Milliseconds in which the service did not answer, from one moment (milliseconds since the epoch) on; exact to
   * about a quarter of a second.
   */
  awayMs(name: string, sinceMs = 0): number {
    const looks = (this.#looks.get(name) ?? []).filter(({ at }) => at >= sinceMs);
    let away = 0;
    for (const [index, look] of looks.entries()) {
      const next = looks[index + 1];
      if (!look.serves && next !== undefined) away += next.at - look.at;
    }
    return away;
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#watching;
  }

  async #watch({ name, port }: Subject): Promise<void> {
    const looks: Look[] = [];
    this.#looks.set(name, looks);
    while (!this.#ended) {
      const at = Date.now();
      looks.push({ at, serves: (await pageNow(port)) !== null });
      await delay(Math.max(0, at + LOOK_EVERY_MS - Date.now()));
    }
  }
}
