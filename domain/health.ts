import type { ContainerConfig, HealthcheckConfig } from './engine-types.ts';

export interface HealthObservation {
  /** `State.Status` of the inspect. */
  status: string;
  running: boolean;
  restarting: boolean;
  exitCode: number;
  restartCount: number;
  /** `State.Health.Status`; null without a health check. */
  healthStatus: 'none' | 'starting' | 'healthy' | 'unhealthy' | null;
  oomKilled: boolean;
}

export interface HealthExpectation {
  hasHealthcheck: boolean;
  /** `RestartCount` when it was started. */
  baseRestartCount: number;
  /** Milliseconds since its start. */
  elapsedMs: number;
  /** Milliseconds from its start after which waiting ends. */
  deadlineMs: number;
  /** Restart policy `no`: ending with exit code 0 is its purpose. */
  oneShot: boolean;
  /** It was healthy before and is watched for staying so. */
  soaking: boolean;
}

/** With `removed` somebody took the container away; with all others the container itself is at fault. */
export type UnhealthyReason = 'crashed' | 'restarting' | 'probe' | 'deadline' | 'removed';

export type HealthVerdict =
  | { verdict: 'healthy' }
  | { verdict: 'unhealthy'; reason: UnhealthyReason; explanation: string }
  | { verdict: 'wait' };

const NANOSECONDS_PER_MS = 1_000_000;
/** The engine's own defaults for fields that are zero or absent (Engine API, `HealthConfig`). */
const ENGINE_DEFAULT = { intervalMs: 30_000, timeoutMs: 30_000, retries: 3 };
const GRACE_MS = 30_000;
/** Without a health check nothing is waited for but the process's start, which takes well under this. */
const WITHOUT_HEALTHCHECK_MS = 30_000;
/** With a health check an application may give up a few times while what it needs comes up; the probe decides. */
const RESTARTS_BEFORE_HEALTHY = 2;

/** The health check that the engine runs for a container, or null where it runs none (absent, no test, `NONE`). */
export function effectiveHealthcheck(config: ContainerConfig): HealthcheckConfig | null {
  const healthcheck = config.Healthcheck;
  const kind = healthcheck?.Test?.[0];
  return healthcheck === null || healthcheck === undefined || kind === undefined || kind === 'NONE'
    ? null
    : healthcheck;
}

function milliseconds(nanoseconds: number | undefined, otherwise: number): number {
  return nanoseconds === undefined || nanoseconds === 0 ? otherwise : nanoseconds / NANOSECONDS_PER_MS;
}

/**
 * How long a container may take to become healthy: start period + (interval + timeout) × retries + 30 s, with the
 * engine's defaults for zero fields; 30 s to be running where there is no health check.
 * @param overrideSeconds what the policy says instead
 * @returns milliseconds from its start
 */
export function healthDeadlineMs(healthcheck: HealthcheckConfig | null, overrideSeconds?: number): number {
  if (overrideSeconds !== undefined) return overrideSeconds * 1000;
  if (healthcheck === null) return WITHOUT_HEALTHCHECK_MS;
  const interval = milliseconds(healthcheck.Interval, ENGINE_DEFAULT.intervalMs);
  const timeout = milliseconds(healthcheck.Timeout, ENGINE_DEFAULT.timeoutMs);
  const retries =
    healthcheck.Retries === undefined || healthcheck.Retries === 0 ? ENGINE_DEFAULT.retries : healthcheck.Retries;
  return milliseconds(healthcheck.StartPeriod, 0) + (interval + timeout) * retries + GRACE_MS;
}

function unhealthy(reason: UnhealthyReason, explanation: string): HealthVerdict {
  return { verdict: 'unhealthy', reason, explanation };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

/** While it runs again the engine shows exit code 0, which says nothing of how it ended. */
function lastExit(observation: HealthObservation): string {
  return observation.running && !observation.restarting ? '' : `; its last exit code was ${observation.exitCode}`;
}

function judgeRestarts(observation: HealthObservation, expectation: HealthExpectation): HealthVerdict | null {
  const restarts = observation.restartCount - expectation.baseRestartCount;
  const allowed = expectation.hasHealthcheck && !expectation.soaking ? RESTARTS_BEFORE_HEALTHY : 0;
  if (restarts > allowed || (observation.restarting && allowed === 0)) {
    const times = restarts === 1 ? 'once' : `${restarts} times`;
    const how = restarts > 0 ? `The engine had to restart it ${times}` : 'The engine is restarting it';
    return unhealthy(
      'restarting',
      `${how}${expectation.soaking ? ' after it had been healthy' : ''}${lastExit(observation)}.`,
    );
  }
  return null;
}

function judgeEnded(observation: HealthObservation, expectation: HealthExpectation): HealthVerdict {
  if (expectation.oneShot && observation.exitCode === 0 && observation.status === 'exited')
    return { verdict: 'healthy' };
  const memory = observation.oomKilled ? ' because it ran out of memory' : '';
  return unhealthy(
    'crashed',
    `It stopped with exit code ${observation.exitCode}${memory}${expectation.soaking ? ' after it had been healthy' : ''}.`,
  );
}

/**
 * Judges a container by one look at it. `wait` asks for another look, at the next engine event or the deadline.
 * Without a health check it is healthy as soon as it runs and was not restarted; the soak then shows whether it stays.
 */
export function judgeHealth(observation: HealthObservation, expectation: HealthExpectation): HealthVerdict {
  const restarts = judgeRestarts(observation, expectation);
  if (restarts !== null) return restarts;
  if (observation.healthStatus === 'unhealthy' && expectation.hasHealthcheck) {
    return unhealthy('probe', 'Its health check says that it is unhealthy.');
  }
  const ended = !observation.running && !observation.restarting && observation.status !== 'created';
  if (ended) return judgeEnded(observation, expectation);
  const up = observation.running && !observation.restarting;
  if (up && (!expectation.hasHealthcheck || observation.healthStatus === 'healthy')) return { verdict: 'healthy' };
  if (expectation.elapsedMs >= expectation.deadlineMs) {
    const expected = expectation.hasHealthcheck ? 'healthy' : 'running';
    return unhealthy('deadline', `It was not ${expected} within ${seconds(expectation.deadlineMs)}.`);
  }
  return { verdict: 'wait' };
}

/** Who ended a container: it itself, somebody who removed it, or its engine, which died or was started anew. */
export type Ending = 'itself' | 'somebody' | 'engine';

/**
 * Tells who ended a container from what its engine remembers of it. An engine forgets everything when it is started, so
 * one that doesn't know that it has started the container has itself been started since, and the container's end says
 * nothing of its image. One that was removed by force was killed first; one that removes itself was not.
 * @param actions the container's events, oldest first, such as `start`, `die`, `kill`; `complete` where the engine has
 * not had to forget any since it was started
 */
export function endingOf(
  actions: readonly string[],
  { removed, complete }: { removed: boolean; complete: boolean },
): Ending {
  const latestStart = actions.lastIndexOf('start');
  // A busy engine forgets its oldest events as well; then nothing speaks for its own death.
  if (latestStart === -1 && complete) return 'engine';
  return removed && actions.slice(Math.max(latestStart, 0)).includes('kill') ? 'somebody' : 'itself';
}
