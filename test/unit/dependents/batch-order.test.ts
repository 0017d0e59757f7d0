import { describe, expect, it } from '@jest/globals';
import { orderBatch } from '../../../domain/dependents/batch-order.ts';

const container = (name: string, dependsOn?: string) => ({
  name,
  labels: dependsOn === undefined ? {} : { 'docker-auto.depends-on': dependsOn },
});

describe('the order of a batch', () => {
  it('has each after what it depends on, and the others as they were named', () => {
    const host = [container('a'), container('web', 'app'), container('app', 'db'), container('db'), container('z')];
    expect(orderBatch(['z', 'web', 'app', 'db'], host)).toEqual({
      order: [
        { name: 'z', after: [] },
        { name: 'db', after: [] },
        { name: 'app', after: ['db'] },
        { name: 'web', after: expect.arrayContaining(['app', 'db']) },
      ],
      cycle: null,
      circular: [],
    });
  });

  it('sees a dependency that goes through a container which is not in the batch', () => {
    const host = [container('web', 'app'), container('app', 'db'), container('db')];
    expect(orderBatch(['web', 'db'], host).order).toEqual([
      { name: 'db', after: [] },
      { name: 'web', after: ['db'] },
    ]);
  });

  it('names a circle, and all of the batch that are part of one', () => {
    const host = [container('a', 'b'), container('b', 'c'), container('c', 'a'), container('d', 'a'), container('e')];
    const { cycle, circular } = orderBatch(['e', 'd', 'a', 'b'], host);
    expect(cycle).toEqual(['a', 'b', 'c', 'a']);
    expect(circular).toEqual(['a', 'b']);
  });

  it('takes no notice of a circle that none of the batch is part of', () => {
    const host = [container('a', 'b'), container('b', 'a'), container('web', 'a')];
    expect(orderBatch(['web'], host)).toEqual({ order: [{ name: 'web', after: [] }], cycle: null, circular: [] });
  });

  it('has each once, also when it was named twice', () => {
    expect(orderBatch(['a', 'a'], [container('a')]).order).toHaveLength(1);
    expect(orderBatch([], [])).toEqual({ order: [], cycle: null, circular: [] });
  });
});
