import { describe, expect, it } from '@jest/globals';
import { startedAt } from '../../activities/docker/started-at.ts';
import type { ContainerInspect } from '../../domain/engine-types.ts';

const EARLIEST = Date.parse('2026-01-02T03:04:05.000Z');
const LATEST = EARLIEST + 30_000;
const inspectOf = (StartedAt: string) => ({ State: { StartedAt } }) as ContainerInspect;

describe('when a container was started', () => {
  it('is what its engine says, however late the answer came', () => {
    expect(startedAt(inspectOf('2026-01-02T03:04:05.250123456Z'), EARLIEST, LATEST)).toBe(EARLIEST + 250);
  });

  it.each([
    ['its engine’s clock is an hour behind', '2026-01-02T02:04:05.250Z'],
    ['its engine’s clock is ahead, or it was restarted since', '2026-01-02T04:04:05.250Z'],
    ['it was never started', '0001-01-01T00:00:00Z'],
    ['the engine does not say', ''],
  ])('is when the call had ended where %s', (_why, told) => {
    expect(startedAt(inspectOf(told), EARLIEST, LATEST)).toBe(LATEST);
  });

  it('is when the call had ended where it is gone already', () => {
    expect(startedAt(null, EARLIEST, LATEST)).toBe(LATEST);
  });
});
