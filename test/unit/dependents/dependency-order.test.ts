import { describe, expect, it } from '@jest/globals';
import { cycleAround, declaredDependencies, orderByDependency } from '../../../domain/dependents/dependency-order.ts';

const container = (name: string, dependsOn?: string) => ({
  name,
  labels: dependsOn === undefined ? {} : { 'docker-auto.depends-on': dependsOn },
});
const WATCHTOWER = 'com.centurylinklabs.watchtower.depends-on';
const service = (name: string, dependsOn = '', project = 'shop') => ({
  name: `${project}-${name}-1`,
  labels: {
    'com.docker.compose.project': project,
    'com.docker.compose.service': name,
    'com.docker.compose.depends_on': dependsOn,
  },
});

describe('the order of updates', () => {
  it('puts each container after all that it depends on', () => {
    const containers = [
      container('web', 'app'),
      container('app', 'db:restart, cache'),
      container('db'),
      container('cache', 'db'),
      container('alone'),
    ];
    expect(orderByDependency(containers)).toEqual({ order: ['db', 'cache', 'app', 'web', 'alone'], cycle: null });
  });

  it('follows depends_on within a Compose project only', () => {
    const containers = [
      service('app', 'db:service_healthy:true,cache:service_started:false'),
      service('db', '', 'blog'),
      service('cache'),
      service('db'),
    ];
    expect(orderByDependency(containers).order).toEqual(['shop-cache-1', 'shop-db-1', 'shop-app-1', 'blog-db-1']);
    expect(declaredDependencies(service('app', 'db:service_healthy'), containers)).toEqual(['shop-db-1']);
  });

  it('stays as it was where nothing decides it, and names what is not there in no order', () => {
    expect(orderByDependency([container('b', 'gone'), container('a')]).order).toEqual(['b', 'a']);
    expect(orderByDependency([])).toEqual({ order: [], cycle: null });
  });

  it.each([
    ['names, with and without the engine’s slash', { [WATCHTOWER]: 'db, /cache' }, ['db', 'cache']],
    ['nothing', { [WATCHTOWER]: '' }, []],
    ['commas only', { [WATCHTOWER]: ' ,/,' }, []],
    ['other names than our label, which counts', { [WATCHTOWER]: 'db', 'docker-auto.depends-on': 'cache' }, ['cache']],
    ['names, and our label is empty', { [WATCHTOWER]: 'db', 'docker-auto.depends-on': '' }, []],
  ])('follows Watchtower’s label where it has %s', (_case, labels, expected) => {
    const app = { name: 'app', labels };
    expect(declaredDependencies(app, [app, container('db'), container('cache')])).toEqual(expected);
    expect(orderByDependency([app, container('db')]).order.indexOf('app')).toBe(expected.includes('db') ? 1 : 0);
  });

  it('has every container once, and names the circle, where there is no right one', () => {
    const { order, cycle } = orderByDependency([
      container('a', 'b'),
      container('b', 'c'),
      container('c', 'a'),
      container('d', 'a'),
    ]);
    expect([...order].sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(cycle).toEqual(['a', 'b', 'c', 'a']);
  });

  it('takes no container for a dependency of itself', () => {
    expect(orderByDependency([container('a', 'a')]).cycle).toBeNull();
  });
});

describe('the circle around a container', () => {
  const containers = [container('a', 'b'), container('b', 'c'), container('c', 'b'), container('d')];
  it.each([
    ['a', null],
    ['b', ['b', 'c', 'b']],
    ['c', ['c', 'b', 'c']],
    ['d', null],
    ['gone', null],
  ])('%s: %j', (name, cycle) => expect(cycleAround(name, containers)).toEqual(cycle));
});
