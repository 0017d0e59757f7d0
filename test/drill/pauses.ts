import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Context } from '@temporalio/activity';
import type { Engine } from '../../activities/docker/engine/engine.ts';
import type { AroundActivity } from '../../activities/to-application-failure.ts';

/** Where a container's update is to stand still: around an activity, or around one engine call within one. */
export interface Pause {
  container: string;
  /** Name of an activity, or `engine:<method>`; with `#2` behind it from the second time on. */
  point: string;
  when: 'before' | 'after';
}

/** The container whose update runs in this activity, or null. */
function containerOfActivity(): string | null {
  const { workflowExecution } = Context.current().info;
  return /^update:[^:]+:(.+)$/.exec(workflowExecution?.workflowId ?? '')?.[1] ?? null;
}

/**
 * Stands still for ever at the given points, each marked with a file named after the container, so that a kill can be
 * aimed at them.
 */
export class PausePoints {
  readonly #pauses: Pause[];
  readonly #markers: string;
  readonly #seen = new Map<string, number>();

  constructor(pauses: Pause[], markers: string) {
    this.#pauses = pauses;
    this.#markers = markers;
    mkdirSync(markers, { recursive: true });
  }

  readonly aroundActivity: AroundActivity = (name, run) => this.#around(name, run);

  aroundEngine = (engine: Engine): Engine =>
    new Proxy(engine, {
      get: (target, property: keyof Engine) => {
        const method = target[property] as (...parameters: unknown[]) => unknown;
        if (property === 'containerEvents') return method;
        return (...parameters: unknown[]) =>
          this.#around(`engine:${property}`, () => method(...parameters) as Promise<unknown>);
      },
    });

  async #around<Answer>(point: string, run: () => Promise<Answer>): Promise<Answer> {
    const container = containerOfActivity();
    if (container === null) return run();
    const key = `${container} ${point}`;
    const times = (this.#seen.get(key) ?? 0) + 1;
    this.#seen.set(key, times);
    const matches = (when: Pause['when']) =>
      this.#pauses.some((pause) => {
        const [wanted, from = '1'] = pause.point.split('#');
        return pause.container === container && pause.when === when && wanted === point && times >= Number(from);
      });
    if (matches('before')) await this.#standStill(container);
    const answer = await run();
    if (matches('after')) await this.#standStill(container);
    return answer;
  }

  #standStill(container: string): Promise<never> {
    writeFileSync(path.join(this.#markers, container), '');
    return new Promise(() => undefined);
  }
}
