import { describe, expect, it } from '@jest/globals';
import type { ContainerInspectInfo } from 'dockerode';
import { flatten } from '../shapes/flatten.ts';
import { judge } from '../shapes/judge.ts';
import { fixture, SHAPES } from './create-options/fixture.ts';

const ANOTHER_ID = 'ab'.repeat(32);

/** The same container made a second time: another id wherever the id stands. */
function twin(inspect: ContainerInspectInfo): ContainerInspectInfo {
  const text = JSON.stringify(inspect)
    .replaceAll(inspect.Id, ANOTHER_ID)
    .replaceAll(inspect.Id.slice(0, 12), ANOTHER_ID.slice(0, 12));
  return JSON.parse(text);
}

function another(value: unknown): unknown {
  if (value === null || Array.isArray(value)) return ['damaged'];
  if (typeof value === 'object') return { damaged: {} };
  return value === 'damaged' ? 'otherwise' : 'damaged';
}

/** Changes the value at the leaf that a list of keys leads to. */
function damage(value: unknown, keys: readonly string[]): void {
  const [key = '', ...rest] = keys;
  const holder = value as Record<string, unknown>;
  if (rest.length > 0) damage(holder[key], rest);
  else holder[key] = another(holder[key]);
}

function leaves(value: unknown, keys: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [keys];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...keys, key]));
}

const inspectOf = (shape: string): ContainerInspectInfo => fixture(shape).container as unknown as ContainerInspectInfo;

describe('the comparison that shapes are judged by', () => {
  it.each(SHAPES)('finds no fault with a second container like %s', (shape) => {
    const before = inspectOf(shape);
    expect(judge(before, twin(before), {}, [])).toEqual([]);
  });

  it.each(SHAPES)('finds every single setting of %s that is changed', (shape) => {
    const before = inspectOf(shape);
    const unnoticed = (['Config', 'HostConfig', 'Mounts'] as const).flatMap((part) =>
      leaves(before[part], [part]).filter((keys) => {
        // Without mounts there is no setting of one.
        if (keys.length === 1) return false;
        const after = twin(before);
        damage(after, keys);
        return judge(before, after, {}, []).length === 0;
      }),
    );
    expect(unnoticed.map((keys) => keys.join('.'))).toEqual([]);
  });

  it('finds a pinned address, a pinned host name and a lost network', () => {
    const before = inspectOf('two-networks');
    const pinned = twin(before);
    pinned.Config.Hostname = before.Id.slice(0, 12);
    Object.assign(pinned.Config, { MacAddress: '02:42:0a:00:00:02' });
    const [network = ''] = Object.keys(pinned.NetworkSettings.Networks);
    delete pinned.NetworkSettings.Networks[network];
    const faults = judge(before, pinned, {}, []).join('\n');
    for (const path of ['Config.Hostname', 'Config.MacAddress', `NetworkSettings.Networks.${network}.Aliases`])
      expect(faults).toContain(path);
  });

  it('wants what was announced to happen, and exactly so', () => {
    const before = inspectOf('plain-web');
    const after = twin(before);
    after.Config.WorkingDir = '/new';
    const was = before.Config.WorkingDir;
    expect(judge(before, after, { 'Config.WorkingDir': [was, '/new'] }, [])).toEqual([]);
    expect(judge(before, after, { 'Config.WorkingDir': [was, '/other'] }, [])).toHaveLength(1);
    expect(judge(before, twin(before), { 'Config.WorkingDir': [was, '/new'] }, [])).toHaveLength(1);
  });

  it('takes null, nothing and empty for three things', () => {
    expect([...flatten({ a: null, b: [], c: {}, d: { e: '' }, f: [1] })]).toEqual([
      ['a', 'null'],
      ['b', '[]'],
      ['c', '{}'],
      ['d.e', ''],
      ['f.0', '1'],
    ]);
  });
});
