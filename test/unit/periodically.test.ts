import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { periodically } from '../../worker/periodically.ts';

/** Resolves once it holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(1);
}

describe('a periodic job', () => {
  it('runs again and again, never twice at once', async () => {
    let runs = 0;
    let atOnce = 0;
    let most = 0;
    const job = periodically(
      {
        name: 'count',
        firstAfterMs: 0,
        everyMs: 1,
        async run() {
          runs += 1;
          most = Math.max(most, ++atOnce);
          await delay(5);
          atOnce -= 1;
        },
      },
      () => undefined,
    );
    await until(() => runs >= 3);
    await job.stop();
    const stoppedAt = runs;
    await delay(20);
    expect({ most, more: runs - stoppedAt }).toEqual({ most: 1, more: 0 });
  });

  it('that fails is told of once, and once more when it works again', async () => {
    const lines: string[] = [];
    let runs = 0;
    const job = periodically(
      {
        name: 'ask the server',
        firstAfterMs: 0,
        everyMs: 1,
        async run() {
          runs += 1;
          if (runs < 4) throw new Error('it is away');
        },
      },
      (line) => lines.push(line),
    );
    await until(() => runs >= 6);
    await job.stop();
    expect(lines).toEqual([
      'It is not possible to ask the server now; it is tried again and again: Error: it is away',
      'It is possible again to ask the server.',
    ]);
  });

  it('is told to end when the program stops, which waits for it and is not told of that', async () => {
    const lines: string[] = [];
    let ended = false;
    let begun = false;
    const job = periodically(
      {
        name: 'wait',
        firstAfterMs: 0,
        everyMs: 1,
        async run(signal) {
          begun = true;
          await new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason), { once: true });
          }).finally(() => {
            ended = true;
          });
        },
      },
      (line) => lines.push(line),
    );
    await until(() => begun);
    await job.stop();
    expect({ ended, lines }).toEqual({ ended: true, lines: [] });
  });
});
