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
  ])('%s', (_case, other, expected) => {
    expect(restarts(other)).toEqual(expected ? ['app'] : []);
  });

  it('never include the one that was replaced', () => {
    const self = container('loop', { 'docker-auto.depends-on': 'loop:restart' });
    expect(findRestarts(self, [self])).toEqual([]);
  });
});
