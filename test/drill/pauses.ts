import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Engine } from '../../activities/docker/engine/engine.ts';
import type { AroundActivity } from '../../activities/to-application-failure.ts';

/** Where a container's update is to stand still: around an activity, or around one engine call within one. */
export interface Pause {
  /** Name of an activity, or `engine:<method>`; with `#2` behind it from the second time on. */
  point: string;
  when: 'before' | 'after';
}

const LOOK_EVERY_MS = 20;
const HEARTBEAT_EVERY_MS = 2_000;

/** The container whose update runs in this activity, or null. */
function containerOfActivity(): string | null {
  const { workflowExecution } = Context.current().info;
  return /^update:[^:]+:(.+)$/.exec(workflowExecution?.workflowId ?? '')?.[1] ?? null;
}

/** The drill's side: asks a running program to stand still, sees that it does, and lets it go on. All by files. */
export class PauseOrders {
  readonly #directory: string;

  constructor(dataDirectory: string) {
    this.#directory = path.join(dataDirectory, 'pauses');
    mkdirSync(this.#directory, { recursive: true });
  }

  order(container: string, pause: Pause): void {
    writeFileSync(this.#file(container, 'order'), JSON.stringify(pause));
  }

  /** Null where none is ordered, or was and the update has gone on. */
  ordered(container: string): Pause | null {
    try {
      return JSON.parse(readFileSync(this.#file(container, 'order'), 'utf8')) as Pause;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return null;
    }
  }

  markStanding(container: string): void {
    writeFileSync(this.#file(container, 'standing'), '');
  }

  stands(container: string): boolean {
    return existsSync(this.#file(container, 'standing'));
  }

  goOn(container: string): void {
    // The order first: an attempt that comes now must not stand still anew.
    rmSync(this.#file(container, 'order'), { force: true });
    rmSync(this.#file(container, 'standing'), { force: true });
  }

  #file(container: string, kind: 'order' | 'standing'): string {
    return path.join(this.#directory, `${container}.${kind}`);
  }
}

/** The program's side: stands still at the ordered points, so that a kill can be aimed at them, until told to go on. */
export class PausePoints {
  readonly #orders: PauseOrders;
  readonly #seen = new Map<string, number>();
  /** Several attempts of one step stand and go on together. */
  readonly #standing = new Map<string, Promise<void>>();
  readonly #lastDetails = new WeakMap<Context, unknown>();

  constructor(dataDirectory: string) {
    this.#orders = new PauseOrders(dataDirectory);
  }

  readonly aroundActivity: AroundActivity = (name, run) => {
    this.#rememberHeartbeats(Context.current());
    return this.#around(name, run);
  };

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
    await this.#maybeStandStill(container, point, 'before', times);
    const answer = await run();
    await this.#maybeStandStill(container, point, 'after', times);
    return answer;
  }

  async #maybeStandStill(container: string, point: string, when: Pause['when'], times: number): Promise<void> {
    const pause = this.#orders.ordered(container);
    if (pause === null || pause.when !== when) return;
    const [wanted, from = '1'] = pause.point.split('#');
    if (wanted !== point || times < Number(from)) return;
    const standing = this.#standing.get(container) ?? this.#standStill(container);
    this.#standing.set(container, standing);
    await standing;
  }

  /** Standing still repeats the step's own last heartbeat, whose details the next attempt is to read. */
  #rememberHeartbeats(context: Context): void {
    const { heartbeat } = context;
    this.#lastDetails.set(context, context.info.heartbeatDetails);
    Object.assign(context, {
      heartbeat: (details?: unknown) => {
        this.#lastDetails.set(context, details);
        heartbeat.call(context, details);
      },
    });
  }

  async #standStill(container: string): Promise<void> {
    this.#orders.markStanding(container);
    // Standing still is the drill's doing and no death: the step must not be given to another worker for it.
    const context = Context.current();
    let lastBeat = 0;
    // A program that is told to end must not wait for a drill that broke off.
    while (this.#orders.stands(container) && !context.cancellationSignal.aborted) {
      if (Date.now() - lastBeat > HEARTBEAT_EVERY_MS) {
        lastBeat = Date.now();
        context.heartbeat(this.#lastDetails.get(context));
      }
      await delay(LOOK_EVERY_MS);
    }
  }
}
