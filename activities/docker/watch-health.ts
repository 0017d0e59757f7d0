import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ContainerInspect } from '../../domain/engine-types.ts';
import {
  effectiveHealthcheck,
  endingOf,
  type HealthVerdict,
  healthDeadlineMs,
  judgeHealth,
} from '../../domain/health.ts';
import { heartbeating } from '../heartbeating.ts';
import type { Engine } from './engine/engine.ts';
import type { SwapTurns } from './swap-turns.ts';

export interface WatchHealthInput {
  containerId: string;
  /** The update whose turn it is until the container is healthy. Absent where none is. */
  updateId?: string;
  /** Seconds; null reckons it from the health check. */
  deadlineSeconds: number | null;
  /** Seconds that a healthy container is watched for; 0 turns the soak off. */
  soakSeconds: number;
  /** Restarts it had when it was started, so that later ones count. */
  baseRestartCount: number;
}

export type FinalHealth = Exclude<HealthVerdict, { verdict: 'wait' }>;

/** A missed event must not cost more than this. */
const LOOK_AGAIN_MS = 5_000;
const LOOK_AGAIN_WITHOUT_EVENTS_MS = 250;
const SHORTEST_WAIT_MS = 10;
/** One that takes longer to get healthy holds nobody else up any more. */
const LONGEST_TURN_MS = 10 * 60_000;

/** Wakes whoever waits whenever the engine tells something about the container. */
class EventBell {
  #ring: () => void = () => undefined;
  #rung = false;
  following = false;

  async follow(engine: Engine, containerId: string, signal: AbortSignal): Promise<void> {
    try {
      this.following = true;
      for await (const _event of engine.containerEvents(containerId, signal)) this.ring();
    } catch (error) {
      // The stream is a hint only: without it the container is looked at more often.
      if (!signal.aborted) Context.current().log.warn('The engine event stream broke', { error: String(error) });
    } finally {
      this.following = false;
      this.ring();
    }
  }

  ring(): void {
    this.#rung = true;
    this.#ring();
  }

  /** Resolves at the next event, or after that many milliseconds. */
  async wait(milliseconds: number): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#ring = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#rung = false;
  }
}

function observationOf(container: ContainerInspect) {
  const { State: state } = container;
  return {
    status: state.Status,
    running: state.Running,
    restarting: state.Restarting,
    exitCode: state.ExitCode,
    restartCount: container.RestartCount,
    healthStatus: (state.Health?.Status ?? null) as 'none' | 'starting' | 'healthy' | 'unhealthy' | null,
    oomKilled: state.OOMKilled ?? false,
  };
}

const GONE = {
  itself: { verdict: 'unhealthy', reason: 'crashed', explanation: 'The container ended and removed itself.' },
  somebody: {
    verdict: 'unhealthy',
    reason: 'removed',
    explanation: 'The container was removed by somebody while it was watched.',
  },
  engine: {
    verdict: 'unhealthy',
    reason: 'removed',
    explanation: 'The container was removed by its engine, which was started anew while it was watched.',
  },
} as const satisfies Record<string, FinalHealth>;

async function whoEnded(engine: Engine, containerId: string, removed: boolean) {
  const { events, complete } = await engine.pastEvents(containerId);
  return endingOf(
    events.map(({ Action }) => Action),
    { removed, complete },
  );
}

interface Look {
  verdict: HealthVerdict;
  /** Whether it was healthy at this look, soaked or not. */
  healthy: boolean;
  /** False when the container is gone. */
  exists: boolean;
  /** Milliseconds until something changes by time alone. */
  nextMs: number;
}

/** Looks at the container once. `healthySinceMs` is when it was first seen healthy, or null. */
async function look(engine: Engine, input: WatchHealthInput, healthySinceMs: number | null): Promise<Look> {
  const container = await engine.inspectContainer(input.containerId);
  if (container === null) {
    const verdict = GONE[await whoEnded(engine, input.containerId, true)];
    return { verdict, healthy: false, exists: false, nextMs: 0 };
  }
  const healthcheck = effectiveHealthcheck(container.Config);
  const deadlineMs = healthDeadlineMs(healthcheck, input.deadlineSeconds ?? undefined);
  const elapsedMs = Math.max(0, Date.now() - Date.parse(container.State.StartedAt));
  const verdict = judgeHealth(observationOf(container), {
    hasHealthcheck: healthcheck !== null,
    baseRestartCount: input.baseRestartCount,
    elapsedMs,
    deadlineMs,
    oneShot: (container.HostConfig.RestartPolicy?.Name || 'no') === 'no',
    soaking: healthySinceMs !== null,
  });
  if (verdict.verdict !== 'healthy') return { verdict, healthy: false, exists: true, nextMs: deadlineMs - elapsedMs };
  // A one-shot that has done its work can't be watched any further.
  const soakLeftMs = container.State.Running
    ? input.soakSeconds * 1000 - (Date.now() - (healthySinceMs ?? Date.now()))
    : 0;
  return soakLeftMs <= 0
    ? { verdict, healthy: true, exists: true, nextMs: 0 }
    : { verdict: { verdict: 'wait' }, healthy: true, exists: true, nextMs: soakLeftMs };
}

/**
 * Step `health`: follows the engine's events until the container is healthy and has stayed so for the soak, or is
 * judged unhealthy. The verdict is returned, never thrown. The end of the soak survives our own death in the heartbeat.
 * One that its engine has ended (by dying, or by being started anew) is started again: that is no fault of its own.
 */
export async function watchHealth(engine: Engine, turns: SwapTurns, input: WatchHealthInput): Promise<FinalHealth> {
  const { updateId } = input;
  if (updateId === undefined) return watch(engine, input, () => undefined);
  void turns.keep(updateId, LONGEST_TURN_MS);
  try {
    return await watch(engine, input, () => turns.release(updateId));
  } finally {
    turns.release(updateId);
  }
}

async function watch(engine: Engine, input: WatchHealthInput, onHealthy: () => void): Promise<FinalHealth> {
  const context = Context.current();
  const earlier = context.info.heartbeatDetails as { healthySinceMs: number | null } | undefined;
  let healthySinceMs = earlier?.healthySinceMs ?? null;
  // An engine that dies once more ends this attempt; the next one may start it again.
  let startedAgain = false;

  const lookOnce = async (): Promise<Look> => {
    let seen = await look(engine, input, healthySinceMs);
    const ended = seen.exists && seen.verdict.verdict === 'unhealthy' && seen.verdict.reason === 'crashed';
    if (ended && !startedAgain && (await whoEnded(engine, input.containerId, false)) === 'engine') {
      startedAgain = true;
      healthySinceMs = null;
      await engine.startContainer(input.containerId);
      seen = await look(engine, input, healthySinceMs);
    }
    if (healthySinceMs === null && seen.healthy) healthySinceMs = Date.now();
    // The soak is no downtime: others may go on meanwhile.
    if (seen.healthy) onHealthy();
    return seen;
  };

  const first = await lookOnce();
  if (first.verdict.verdict !== 'wait') return first.verdict;

  const watching = new AbortController();
  const bell = new EventBell();
  const followed = bell.follow(engine, input.containerId, watching.signal);
  const wake = () => bell.ring();
  context.cancellationSignal.addEventListener('abort', wake);
  try {
    return await heartbeating(
      async () => {
        for (;;) {
          if (context.cancellationSignal.aborted) throw stopped(context);
          const { verdict, nextMs } = await lookOnce();
          if (verdict.verdict !== 'wait') return verdict;
          await bell.wait(
            Math.max(SHORTEST_WAIT_MS, Math.min(nextMs, bell.following ? LOOK_AGAIN_MS : LOOK_AGAIN_WITHOUT_EVENTS_MS)),
          );
        }
      },
      () => ({ healthySinceMs }),
    );
  } finally {
    context.cancellationSignal.removeEventListener('abort', wake);
    watching.abort();
    await followed;
  }
}

/** A stop of the program is no verdict: the next one goes on watching. A cancel of the update is passed on. */
function stopped(context: Context): Error {
  const reason: unknown = context.cancellationSignal.reason;
  if (reason instanceof Error && reason.message === 'WORKER_SHUTDOWN') {
    return ApplicationFailure.retryable(
      'The program is stopping; the watch goes on when it is back.',
      'EngineUnavailable',
    );
  }
  return reason instanceof Error ? reason : new Error(String(reason));
}
