import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { SwapTurns } from '../../activities/docker/swap-turns.ts';

const never = new AbortController().signal;

/** Asks for a turn, and notes when it comes. */
function asking(turns: SwapTurns, told: string[], update: string, signal: AbortSignal = never): Promise<number> {
  return turns.take(update, signal).then((waited) => {
    told.push(update);
    return waited;
  });
}

describe('the turns of a host', () => {
  it('go round in the order of asking, so many at a time', async () => {
    const turns = new SwapTurns(2);
    const told: string[] = [];
    const all = ['a', 'b', 'c', 'd'].map((update) => asking(turns, told, update));
    await delay(0);
    expect(told).toEqual(['a', 'b']);
    expect(['a', 'b', 'c', 'd'].map((update) => turns.ahead(update))).toEqual([null, null, 2, 3]);

    turns.release('b');
    await all[2];
    expect(told).toEqual(['a', 'b', 'c']);
    turns.release('a');
    await all[3];
    expect(told).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are kept by the one that asks again', async () => {
    const turns = new SwapTurns(1);
    const told: string[] = [];
    await turns.take('a', never);
    const next = asking(turns, told, 'b');
    expect(await turns.take('a', never)).toBe(0);
    turns.release('a');
    await next;
    expect(told).toEqual(['b']);
  });

  it('are given to nobody who has been called off meanwhile', async () => {
    const turns = new SwapTurns(1);
    const told: string[] = [];
    const controller = new AbortController();
    await turns.take('a', never);
    const called = asking(turns, told, 'b', controller.signal);
    const last = asking(turns, told, 'c');
    controller.abort(new Error('cancelled'));
    await expect(called).rejects.toThrow('cancelled');
    turns.release('a');
    await last;
    expect(told).toEqual(['c']);
    turns.release('c');
    await expect(turns.take('d', controller.signal)).resolves.toBe(0);
    await expect(turns.take('e', controller.signal)).rejects.toThrow('cancelled');
  });

  it('end by themselves where they are kept for a while only', async () => {
    const turns = new SwapTurns(1);
    const told: string[] = [];
    await turns.take('a', never);
    void turns.keep('a', 30);
    const waited = await asking(turns, told, 'b');
    expect(waited).toBeGreaterThanOrEqual(25);
  });

  it('do not end so once they are taken again, nor another’s', async () => {
    const turns = new SwapTurns(1);
    const told: string[] = [];
    await turns.take('a', never);
    void turns.keep('a', 10);
    await turns.take('a', never);
    const next = asking(turns, told, 'b');
    await delay(40);
    expect(told).toEqual([]);
    void turns.keep('b', 0);
    turns.release('b');
    expect(told).toEqual([]);
    turns.release('a');
    await next;
  });

  it('are not given away by the end of one that has none', async () => {
    const turns = new SwapTurns(1);
    const told: string[] = [];
    await turns.take('a', never);
    const next = asking(turns, told, 'b');
    turns.release('x');
    turns.release('b');
    await delay(10);
    expect(told).toEqual([]);
    turns.release('a');
    await next;
  });

  it('are had at once by one that is down already, whoever has one', async () => {
    const turns = new SwapTurns(1);
    const told: string[] = [];
    await turns.take('a', never);
    const next = asking(turns, told, 'b');
    turns.takeAtOnce('down');
    turns.release('a');
    await delay(10);
    expect(told).toEqual([]);
    turns.release('down');
    await next;
  });
});
