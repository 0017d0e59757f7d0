import { describe, expect, it } from '@jest/globals';
import { parseSwapName, swapNames } from '../../domain/swap-names.ts';

const UPDATE_ID = '0193a1b2-c3d4-7e5f-8a6b-7c8D9e0f1a2b';

describe('the names of a swap', () => {
  it('are derived from the container and the update, so every step can find what an earlier one made', () => {
    expect(swapNames('shop-web.1', UPDATE_ID)).toEqual({
      uid: '8d9e0f1a2b',
      name: 'shop-web.1',
      successorName: 'shop-web.1.next-8d9e0f1a2b',
      predecessorName: 'shop-web.1.previous-8d9e0f1a2b',
      keepTag: 'docker-auto-keep:8d9e0f1a2b',
    });
  });

  it('can be read back', () => {
    const { successorName, predecessorName, uid } = swapNames('web', UPDATE_ID);
    expect(parseSwapName(successorName)).toEqual({ containerName: 'web', role: 'successor', uid });
    expect(parseSwapName(predecessorName)).toEqual({ containerName: 'web', role: 'predecessor', uid });
  });

  it.each([
    'web',
    'web.next-',
    'web.next-8d9e0f1a2',
    'web.next-8d9e0f1a2bc',
    'web.next-8D9E0F1A2B',
    'web.last-8d9e0f1a2b',
    '.next-8d9e0f1a2b',
    '/web.next-8d9e0f1a2b',
    'web.next-8d9e0f1a2b\n',
  ])('%j is no name of a swap', (name) => expect(parseSwapName(name)).toBeNull());

  it('need an update id that is a UUID and a container name', () => {
    expect(() => swapNames('web', '42')).toThrow('no UUID');
    expect(() => swapNames('/web', UPDATE_ID)).toThrow('no container name');
  });
});
