import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { eventLines } from '../../cli/progress/event-lines.ts';
import { followUpdates } from '../../cli/progress/follow-updates.ts';
import { LiveRegion } from '../../cli/progress/live-region.ts';
import { screenLines } from '../../cli/progress/screen-lines.ts';
import type { WatchedEvent, WatchedUpdate } from '../../cli/progress/watched-update.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const ESC = String.fromCharCode(27);

function event(
  seq: number,
  step: WatchedEvent['step'],
  state: WatchedEvent['state'],
  more: Partial<WatchedEvent> = {},
) {
  return { seq, step, state, cause: '', detail: {}, at: new Date(NOON + seq * 400).toISOString(), ...more };
}

function update(more: Partial<WatchedUpdate> = {}): WatchedUpdate {
  const none = { status: 'running', events: [], pull: null, step: null, waitingFor: null, message: null } as const;
  return { updateId: 'u1', containerName: 'web', begun: true, ...none, ...more };
}

const withoutClock = (line: string) => line.replace(/^\d\d:\d\d:\d\d /, '');
const withoutColour = (line: string) => line.replaceAll(new RegExp(`${ESC}\\[[0-9;]*m`, 'g'), '');

function stream(properties: object = {}) {
  const chunks: string[] = [];
  const output = Object.assign(new PassThrough(), properties) as unknown as NodeJS.WriteStream;
  output.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return { output, text: () => chunks.join('') };
}

describe('progress without a terminal', () => {
  it('tells one line per step, with the bytes of the pull and the time from its start', () => {
    const events = [
      event(1, 'inspect', 'started'),
      event(2, 'inspect', 'done'),
      event(3, 'pull', 'started'),
      event(4, 'pull', 'done', { detail: { bytesDone: 3_100_000 } }),
    ];
    const lines = eventLines('web', events);
    expect(lines.map(withoutClock)).toEqual([
      'web  inspect   done      0.4 s',
      'web  pull      done      3.1 MB in 0.4 s',
    ]);
    expect(lines[0]).toMatch(/^\d\d:\d\d:00 /);
  });

  it('says why a step waits, is skipped, fails or is undone', () => {
    const cause = 'registry refused the connection, try 3';
    const states = ['waiting', 'skipped', 'failed', 'undone'] as const;
    const lines = eventLines(
      'web',
      states.map((state, index) => event(index + 1, 'check', state, { cause })),
    );
    expect(lines.map(withoutClock)).toEqual(states.map((state) => `web  check     ${state.padEnd(8)}  ${cause}`));
  });

  it('tells only what is new, and puts the names of several containers into one column', () => {
    const events = [event(1, 'inspect', 'done'), event(2, 'check', 'done')];
    expect(eventLines('web', events, { afterSeq: 1, nameWidth: 6 }).map(withoutClock)).toEqual([
      'web     check     done',
    ]);
  });

  it('follows several updates to their ends and says each line once', async () => {
    const { output, text } = stream();
    const asked: Record<string, number> = {};
    const followed = await followUpdates(['u1', 'u2'], {
      output,
      signal: new AbortController().signal,
      async read(updateId) {
        const round = (asked[updateId] ?? 0) + 1;
        asked[updateId] = round;
        const all = [event(1, 'inspect', 'done'), event(2, 'check', 'done')];
        const end = updateId === 'u1' ? 1 : 2;
        const status = round >= end ? 'success' : 'running';
        return update({ updateId, containerName: updateId, status, events: all.slice(0, round) });
      },
    });
    expect(followed.map(({ updateId, status }) => [updateId, status])).toEqual([
      ['u1', 'success'],
      ['u2', 'success'],
    ]);
    expect(text().trim().split('\n').map(withoutClock)).toEqual([
      'u1  inspect   done',
      'u2  inspect   done',
      'u2  check     done',
    ]);
    expect(asked).toEqual({ u1: 1, u2: 2 });
  });

  it('tells once how many wait for their turn, and never that one has none yet', async () => {
    const { output, text } = stream();
    const rounds: Record<string, number> = {};
    await followUpdates(['u1', 'u2', 'u3'], {
      output,
      signal: new AbortController().signal,
      async read(updateId) {
        rounds[updateId] = (rounds[updateId] ?? 0) + 1;
        const names = { updateId, containerName: updateId };
        if (updateId === 'u3') return update({ ...names, begun: false, status: 'cancelled', message: 'Cancelled.' });
        if (updateId === 'u2' && rounds[updateId] < 3) return update({ ...names, begun: false, status: 'waiting' });
        return update({ ...names, events: [event(1, 'inspect', 'done')], status: 'success' });
      },
    });
    expect(text().trim().split('\n').map(withoutClock)).toEqual([
      '1 of 3 wait for their turn.',
      'u1  inspect   done',
      'u2  inspect   done',
    ]);
  });

  it('tells each new reason for waiting once', async () => {
    const { output, text } = stream();
    const reasons = [null, 'refused, try 2', 'refused, try 2', 'refused, try 3', null];
    let round = 0;
    await followUpdates(['u1'], {
      output,
      signal: new AbortController().signal,
      async read() {
        const waitingFor = reasons[round] ?? null;
        round += 1;
        return update({ step: 'check', waitingFor, status: round === reasons.length ? 'success' : 'running' });
      },
    });
    const expected = ['web  check     waiting   refused, try 2', 'web  check     waiting   refused, try 3'];
    expect(text().trim().split('\n').map(withoutClock)).toEqual(expected);
  });

  it('stops following when interrupted, and goes on when a single question fails', async () => {
    const { output } = stream();
    const interruption = new AbortController();
    let asked = 0;
    const followed = await followUpdates(['u1'], {
      output,
      signal: interruption.signal,
      async read() {
        asked += 1;
        if (asked === 1) throw new Error('connection refused');
        interruption.abort();
        return update();
      },
    });
    expect(followed).toMatchObject([{ status: 'running' }]);
    expect(asked).toBe(2);
  });
});

describe('progress on a terminal', () => {
  it('shows the latest state of each step, the running time, and the bytes of the pull', () => {
    const events = [event(1, 'inspect', 'started'), event(2, 'inspect', 'done'), event(3, 'pull', 'started')];
    const pull = { bytesDone: 1_500_000, bytesTotal: 3_000_000 };
    const lines = screenLines([update({ events, pull })], NOON + 3200, 24).map(withoutColour);
    expect(lines[0]).toBe('web');
    expect(lines[1]).toBe('  ✓ inspect   0.4 s');
    expect(lines[2]).toMatch(/^ {2}\S pull {6}2\.0 s {2}1\.5 MB of 3\.0 MB$/);
  });

  it('says what is waited for', () => {
    const waiting = update({
      events: [event(1, 'check', 'started')],
      waitingFor: 'registry refused the connection, try 3',
    });
    expect(screenLines([waiting], NOON + 1000, 24).join('\n')).toContain('registry refused the connection, try 3');
  });

  it('gives each container one line where there is no room for the steps', () => {
    const events = [event(1, 'inspect', 'done'), event(2, 'check', 'done'), event(3, 'pull', 'done')];
    const many = ['a', 'b', 'c'].map((containerName) => update({ updateId: containerName, containerName, events }));
    expect(screenLines(many, NOON, 6).map(withoutColour)).toEqual(['a  ✓ pull', 'b  ✓ pull', 'c  ✓ pull']);
    const ended = [update({ containerName: 'a', events, status: 'rollback' }), ...many.slice(1)];
    expect(screenLines(ended, NOON, 6).map(withoutColour)[0]).toBe('a  rollback');
    expect(screenLines(many, NOON, 3).map(withoutColour)).toEqual(['a  ✓ pull', '… and 2 more']);
  });

  it('shows what waits for its turn, and what it waits for besides', () => {
    const events = [event(1, 'inspect', 'done')];
    const queued = (containerName: string, waitingFor: string | null = null) =>
      update({ updateId: containerName, containerName, begun: false, status: 'waiting', waitingFor });
    const app = queued('app', 'It waits for db, which it depends on.');
    const all = [queued('web'), app, update({ containerName: 'db', events })];
    expect(screenLines(all, NOON, 24).map(withoutColour)).toEqual([
      'web  queued',
      'app  queued  It waits for db, which it depends on.',
      'db',
      '  ✓ inspect',
    ]);
    expect(screenLines(all, NOON, 4).map(withoutColour)[0]).toBe('web  queued');
    const more = [...all, update({ updateId: 'old', containerName: 'old', status: 'success' })];
    expect(screenLines(more, NOON, 4).map(withoutColour)).toEqual([
      'db   ✓ inspect',
      'web  queued',
      '… and 2 more (1 ended, 1 queued)',
    ]);
  });

  it('draws over what it drew before and cuts long lines', () => {
    const { output, text } = stream({ columns: 10, rows: 5 });
    const region = new LiveRegion(output);
    region.draw(['123456789', '1234567890']);
    region.draw(['short']);
    region.end();
    expect(text()).toContain(`123456789${ESC}[K`);
    expect(text()).toContain(`12345678${ESC}[0m…${ESC}[K`);
    expect(text()).toContain(`${ESC}[2A\rshort`);
    expect(text().endsWith(`${ESC}[?25h`)).toBe(true);
  });
});
