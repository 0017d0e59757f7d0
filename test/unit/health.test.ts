import { describe, expect, it } from '@jest/globals';
import {
  effectiveHealthcheck,
  type HealthExpectation,
  type HealthObservation,
  healthDeadlineMs,
  judgeHealth,
} from '../../domain/health.ts';

const SECOND = 1_000_000_000;

const running: HealthObservation = {
  status: 'running',
  running: true,
  restarting: false,
  exitCode: 0,
  restartCount: 0,
  healthStatus: null,
  oomKilled: false,
};
const plain: HealthExpectation = {
  hasHealthcheck: false,
  baseRestartCount: 0,
  elapsedMs: 100,
  deadlineMs: 30_000,
  oneShot: false,
  soaking: false,
};
const probed: HealthExpectation = { ...plain, hasHealthcheck: true, deadlineMs: 60_000 };
const exited = { ...running, status: 'exited', running: false };

describe('the health deadline', () => {
  it.each([
    [{ Test: ['CMD', 'x'] }, (30 + 30) * 3 + 30],
    [{ Test: ['CMD', 'x'], Interval: 0, Timeout: 0, Retries: 0, StartPeriod: 0 }, 210],
    [
      { Test: ['CMD', 'x'], Interval: 5 * SECOND, Timeout: 2 * SECOND, Retries: 4, StartPeriod: 60 * SECOND },
      60 + 7 * 4 + 30,
    ],
    [null, 30],
  ])('of %j is %d s', (healthcheck, seconds) => {
    expect(healthDeadlineMs(healthcheck)).toBe(seconds * 1000);
  });

  it('is what the policy says, where it says something', () => {
    expect(healthDeadlineMs({ Test: ['CMD', 'x'] }, 5)).toBe(5000);
  });
});

describe('the effective health check', () => {
  it('is none when it is absent, has no test, or is turned off', () => {
    for (const config of [
      {},
      { Healthcheck: null },
      { Healthcheck: { Interval: 5 } },
      { Healthcheck: { Test: [] } },
      { Healthcheck: { Test: ['NONE'] } },
    ]) {
      expect(effectiveHealthcheck(config)).toBeNull();
    }
    expect(effectiveHealthcheck({ Healthcheck: { Test: ['CMD-SHELL', 'true'] } })).toEqual({
      Test: ['CMD-SHELL', 'true'],
    });
  });
});

describe('a look at a container', () => {
  it.each<[string, Partial<HealthObservation>, HealthExpectation, string]>([
    ['runs and has no health check', {}, plain, 'healthy'],
    ['is created but not started yet', { status: 'created', running: false }, plain, 'wait'],
    ['never started', { status: 'created', running: false }, { ...plain, elapsedMs: 30_000 }, 'deadline'],
    ['exited with an error', { ...exited, exitCode: 3 }, plain, 'crashed'],
    ['exited without an error although it should stay', exited, plain, 'crashed'],
    ['is a one-shot that ended well', exited, { ...plain, oneShot: true }, 'healthy'],
    [
      'is a one-shot with a health check that ended well',
      { ...exited, healthStatus: 'starting' },
      { ...probed, oneShot: true },
      'healthy',
    ],
    ['is a one-shot that ended badly', { ...exited, exitCode: 1 }, { ...plain, oneShot: true }, 'crashed'],
    [
      'is a one-shot that was not started yet',
      { status: 'created', running: false },
      { ...plain, oneShot: true },
      'wait',
    ],
    ['is dead', { status: 'dead', running: false }, plain, 'crashed'],
    ['is being restarted', { status: 'restarting', restarting: true, exitCode: 1 }, plain, 'restarting'],
    ['was restarted', { restartCount: 1 }, plain, 'restarting'],
    ['was restarted before the update only', { restartCount: 4 }, { ...plain, baseRestartCount: 4 }, 'healthy'],
    ['has a probe that has not answered', { healthStatus: 'starting' }, probed, 'wait'],
    [
      'has a probe that has not answered in time',
      { healthStatus: 'starting' },
      { ...probed, elapsedMs: 60_000 },
      'deadline',
    ],
    ['has no state of its probe yet', { healthStatus: null }, probed, 'wait'],
    ['has a probe that says yes', { healthStatus: 'healthy' }, probed, 'healthy'],
    [
      'has a probe that says yes after the deadline',
      { healthStatus: 'healthy' },
      { ...probed, elapsedMs: 90_000 },
      'healthy',
    ],
    ['has a probe that says no', { healthStatus: 'unhealthy' }, probed, 'probe'],
    ['gave up once before its probe said yes', { restartCount: 1, healthStatus: 'starting' }, probed, 'wait'],
    [
      'is being restarted for the first time, with a probe',
      { status: 'restarting', restarting: true, restartCount: 1 },
      probed,
      'wait',
    ],
    ['gives up again and again, with a probe', { restartCount: 3, healthStatus: 'starting' }, probed, 'restarting'],
    [
      'gave up while it was watched',
      { restartCount: 1, healthStatus: 'healthy' },
      { ...probed, soaking: true },
      'restarting',
    ],
    [
      'died while it was watched',
      { ...exited, exitCode: 137, oomKilled: true },
      { ...plain, soaking: true },
      'crashed',
    ],
    ['became unhealthy while it was watched', { healthStatus: 'unhealthy' }, { ...probed, soaking: true }, 'probe'],
  ])('that %s', (_what, observation, expectation, expected) => {
    const verdict = judgeHealth({ ...running, ...observation }, expectation);
    expect(verdict.verdict === 'unhealthy' ? verdict.reason : verdict.verdict).toBe(expected);
  });

  it('explains in plain words what was wrong', () => {
    expect(judgeHealth({ ...exited, exitCode: 137, oomKilled: true }, { ...plain, soaking: true })).toMatchObject({
      explanation: 'It stopped with exit code 137 because it ran out of memory after it had been healthy.',
    });
    expect(judgeHealth({ ...running, restarting: true, restartCount: 2, exitCode: 1 }, plain)).toMatchObject({
      explanation: 'The engine had to restart it 2 times; its last exit code was 1.',
    });
    expect(judgeHealth({ ...running, restartCount: 2, exitCode: 0 }, plain)).toMatchObject({
      explanation: 'The engine had to restart it 2 times.',
    });
    expect(judgeHealth({ ...running, healthStatus: 'starting' }, { ...probed, elapsedMs: 61_000 })).toMatchObject({
      explanation: 'It was not healthy within 60 s.',
    });
  });
});
