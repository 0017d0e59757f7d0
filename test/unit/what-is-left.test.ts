import { describe, expect, it } from '@jest/globals';
import { describeWhatIsLeft } from '../../domain/what-is-left.ts';

describe('what a person is told after no way led back', () => {
  it('names both containers as they are called now, and the kept image', () => {
    expect(
      describeWhatIsLeft('web', {
        predecessor: { name: 'web.previous-0123456789', state: 'exited' },
        successor: { name: 'web.next-0123456789', state: 'running' },
        stranger: null,
        keptAs: 'docker-auto-keep:0123456789',
      }),
    ).toBe(
      'The old one is web.previous-0123456789 (exited); the new one is web.next-0123456789 (running); the old image is kept as docker-auto-keep:0123456789.',
    );
  });

  it('says what is gone, and whose the name is now', () => {
    expect(
      describeWhatIsLeft('web', { predecessor: null, successor: null, stranger: '6edf39bff420', keptAs: null }),
    ).toBe(
      'The old one is gone; the new one is gone; the name web belongs to another container (6edf39bff420); the old image is gone.',
    );
  });
});
