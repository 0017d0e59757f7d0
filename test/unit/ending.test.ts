import { describe, expect, it } from '@jest/globals';
import { endingOf } from '../../domain/health.ts';

describe('who ended a container, by what its engine remembers', () => {
  it.each([
    ['it ended by itself', ['create', 'start', 'die'], false, 'itself'],
    ['it ended by itself and was removed for that', ['create', 'start', 'die', 'destroy'], true, 'itself'],
    ['somebody removed it by force', ['create', 'start', 'kill', 'die', 'destroy'], true, 'somebody'],
    ['its engine was started anew and remembers nothing', [], false, 'engine'],
    ['its engine was started anew, ended it and remembers only that', ['kill', 'die'], false, 'engine'],
    ['its engine was started anew and removed it', ['destroy'], true, 'engine'],
    [
      'it was killed once, started again and then ended by itself',
      ['start', 'kill', 'die', 'start', 'die', 'destroy'],
      true,
      'itself',
    ],
  ] as const)('%s', (_what, actions, removed, ending) => {
    expect(endingOf(actions, { removed, complete: true })).toBe(ending);
  });

  it('it itself, where the engine has had to forget the oldest', () => {
    expect(endingOf(['die'], { removed: false, complete: false })).toBe('itself');
    expect(endingOf(['kill', 'die', 'destroy'], { removed: true, complete: false })).toBe('somebody');
  });
});
