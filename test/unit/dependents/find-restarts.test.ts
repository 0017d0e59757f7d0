import { describe, expect, it } from '@jest/globals';
import { findRestarts, type LabelledContainer } from '../../../domain/dependents/find-restarts.ts';

const container = (name: string, labels: Record<string, string> = {}, running = true): LabelledContainer => ({
  id: name,
  name,
  running,
  labels,
});
const compose = (service: string, dependsOn = '', project = 'shop') => ({
  'com.docker.compose.project': project,
  'com.docker.compose.service': service,
  'com.docker.compose.depends_on': dependsOn,
});
const WATCHTOWER = 'com.centurylinklabs.watchtower.';
const DB = container('shop-db-1', compose('db'));
const restarts = (...others: LabelledContainer[]) => findRestarts(DB, [DB, ...others]).map(({ name }) => name);

describe('the containers to restart after one was replaced', () => {
  it.each<[string, LabelledContainer, boolean]>([
    ['Compose says restart: true', container('app', compose('app', 'db:service_healthy:true')), true],
    [
      'it is one of several dependencies',
      container('app', compose('app', 'x:service_started:false,db:service_started:true')),
      true,
    ],
    ['Compose says restart: false', container('app', compose('app', 'db:service_healthy:false')), false],
    ['an older Compose says nothing of restarts', container('app', compose('app', 'db:service_healthy')), false],
    ['another service of the file is meant', container('app', compose('app', 'db2:service_healthy:true')), false],
    ['it belongs to another project', container('app', compose('app', 'db:service_healthy:true', 'blog')), false],
    ['it does not run', container('app', compose('app', 'db:service_healthy:true'), false), false],
    ['its label asks', container('app', { 'docker-auto.depends-on': 'cache, shop-db-1:restart' }), true],
    ['its label names it for the order only', container('app', { 'docker-auto.depends-on': 'shop-db-1' }), false],
    ['it has no labels', container('app'), false],
    ['Watchtower’s label names it', container('app', { [`${WATCHTOWER}depends-on`]: 'cache,/shop-db-1' }), true],
    [
      'Watchtower’s label is replaced by ours, for the order only',
      container('app', { [`${WATCHTOWER}depends-on`]: 'shop-db-1', 'docker-auto.depends-on': 'shop-db-1' }),
      false,
    ],
    [
      'Watchtower was told to leave it alone',
      container('app', { [`${WATCHTOWER}depends-on`]: 'shop-db-1', [`${WATCHTOWER}enable`]: 'False' }),
      false,
    ],
    [
      'Watchtower was told to look at it only',
      container('app', { [`${WATCHTOWER}depends-on`]: 'shop-db-1', [`${WATCHTOWER}monitor-only`]: '1' }),
      false,
    ],
  ])('%s', (_case, other, expected) => {
    expect(restarts(other)).toEqual(expected ? ['app'] : []);
  });

  it.each([
    ['docker-auto.depends-on', 'shop-db-1:restart'],
    [`${WATCHTOWER}depends-on`, 'shop-db-1'],
  ])('say that %s asked for it', (label, value) => {
    expect(findRestarts(DB, [container('app', { [label]: value })])).toEqual([
      { id: 'app', name: 'app', cause: `its label ${label} asks for it after shop-db-1` },
    ]);
  });

  it('never include the one that was replaced', () => {
    const self = container('loop', { 'docker-auto.depends-on': 'loop:restart' });
    expect(findRestarts(self, [self])).toEqual([]);
  });
});
