import { describe, expect, it } from '@jest/globals';
import { STEP_KILLS } from '../drill/kill-points.ts';
import { drill } from '../drill/run-drill.ts';

/** Fewer than an agent's activity slots, since each update that stands still holds one. */
const TOGETHER = 14;

const groups = Array.from({ length: Math.ceil(STEP_KILLS.length / TOGETHER) }, (_, index) => ({
  kills: STEP_KILLS.slice(index * TOGETHER, (index + 1) * TOGETHER),
  serversDieToo: index % 2 === 1,
  range: `${index * TOGETHER + 1} to ${Math.min((index + 1) * TOGETHER, STEP_KILLS.length)}`,
}));

describe('kill -9 of the whole program', () => {
  it.each(groups)(
    'at kill points $range: every update ends by itself, with one healthy container of the name and a true history',
    async ({ kills, serversDieToo }) => {
      const verdicts = await drill(kills, { serversDieToo, tell: () => undefined });
      expect(verdicts.filter((verdict) => verdict.faults.length > 0)).toEqual([]);
      expect(verdicts).toHaveLength(kills.length);
    },
    240_000,
  );
});
