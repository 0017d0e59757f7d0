import { describe, expect, it } from '@jest/globals';
import { runMany } from '../drill/many/run-many.ts';

describe('many updates of one engine in one batch', () => {
  it('end as they must, each container once, and never more at a time than may be', async () => {
    const verdict = await runMany({ updates: 30, bad: 4, maxParallel: 4, kills: 0, seed: 0, tell: () => undefined });

    expect(verdict.faults).toEqual([]);
    expect(verdict.mostSwapped).toBeGreaterThan(1);
    expect(verdict.mostSwapped).toBeLessThanOrEqual(4);
  }, 480_000);

  // All 30 with 20 kills: npm run drill -- --many
  it('are not lost when the whole program is killed with -9 in between, again and again', async () => {
    const seed = Math.floor(Math.random() * 1_000_000);
    const told: string[] = [`seed ${seed}`];

    const verdict = await runMany({
      updates: 10,
      bad: 2,
      maxParallel: 4,
      kills: 5,
      seed,
      tell: (line) => told.push(line),
    });

    expect({ told, faults: verdict.faults }).toEqual({ told, faults: [] });
    expect(verdict.kills).toBeGreaterThan(0);
  }, 480_000);
});
