import { describe, expect, it } from '@jest/globals';
import {
  type ContainerReferences,
  describeBonds,
  findDependents,
  mustStopFirst,
  type ReferringContainer,
} from '../../../domain/dependents/find-dependents.ts';

const NOTHING: ContainerReferences = { network: null, ipc: null, pid: null, links: [] };
const idOf = (name: string) => Buffer.from(name.padEnd(32, '0')).toString('hex');
const container = (name: string, references: Partial<ContainerReferences> = {}): ReferringContainer => ({
  id: idOf(name),
  name,
  references: { ...NOTHING, ...references },
});
const names = (provider: string, containers: ReferringContainer[]) =>
  findDependents({ id: idOf(provider), name: provider }, containers).dependents.map(({ name }) => name);

describe('the containers that hang on one', () => {
  it.each([
    ['network', { network: idOf('vpn') }],
    ['network by name', { network: 'vpn' }],
    ['network by short id', { network: idOf('vpn').slice(0, 12) }],
    ['ipc', { ipc: idOf('vpn') }],
    ['pid', { pid: 'vpn' }],
    ['link', { links: ['vpn'] }],
  ])('are found by their %s', (_bond, references) => {
    expect(names('vpn', [container('vpn'), container('client', references), container('other')])).toEqual(['client']);
  });

  it('do not include those that only look alike', () => {
    const others = [
      container('a', { network: 'vpn2' }),
      container('b', { network: idOf('vpx') }),
      container('c', { network: idOf('vpn').slice(0, 6) }),
      container('d', { network: 'host' }),
    ];
    expect(names('vpn', [container('vpn'), ...others])).toEqual([]);
  });

  it('come nearest first, each after all that it hangs on itself', () => {
    const containers = [
      container('deep', { pid: 'middle', network: 'vpn' }),
      container('middle', { network: 'vpn' }),
      container('deepest', { ipc: 'deep' }),
      container('vpn'),
      container('sibling', { network: 'vpn' }),
    ];
    const order = names('vpn', containers);
    expect([...order].sort()).toEqual(['deep', 'deepest', 'middle', 'sibling']);
    expect(order.indexOf('middle')).toBeLessThan(order.indexOf('deep'));
    expect(order.indexOf('deep')).toBeLessThan(order.indexOf('deepest'));
  });

  it('have the same height from whichever provider they are looked at, less than that of what they hang on', () => {
    const containers = [
      container('vpn'),
      container('other'),
      container('middle', { network: 'vpn' }),
      container('deep', { pid: 'middle', ipc: 'other' }),
      container('deepest', { ipc: 'deep' }),
    ];
    const heights = (provider: string) =>
      Object.fromEntries(
        findDependents({ id: idOf(provider), name: provider }, containers).dependents.map(({ name, height }) => [
          name,
          height,
        ]),
      );
    expect(heights('vpn')).toEqual({ middle: 2, deep: 1, deepest: 0 });
    expect(heights('other')).toEqual({ deep: 1, deepest: 0 });
  });

  it('say how they hang on it, and whether they must stop before it', () => {
    const { dependents } = findDependents({ id: idOf('vpn'), name: 'vpn' }, [
      container('client', { network: 'vpn', pid: 'vpn' }),
      container('linked', { links: ['vpn'] }),
    ]);
    const [client, linked] = ['client', 'linked'].map((name) => dependents.find((one) => one.name === name));
    expect(client && describeBonds(client)).toBe('uses the network of vpn and shares the process namespace of vpn');
    expect(client && mustStopFirst(client)).toBe(true);
    expect(linked && describeBonds(linked)).toBe('links to vpn');
    expect(linked && mustStopFirst(linked)).toBe(false);
  });

  it('that go round in a circle are named', () => {
    const { cycle } = findDependents({ id: idOf('a'), name: 'a' }, [
      container('a', { pid: 'c' }),
      container('b', { network: 'a' }),
      container('c', { ipc: 'b' }),
    ]);
    expect(cycle).toEqual(['a', 'b', 'c', 'a']);
  });

  it('are no circle when two ways lead to one of them', () => {
    const { cycle, dependents } = findDependents({ id: idOf('a'), name: 'a' }, [
      container('b', { network: 'a' }),
      container('c', { network: 'a' }),
      container('d', { pid: 'b', ipc: 'c' }),
    ]);
    expect(cycle).toBeNull();
    expect(dependents.at(-1)?.name).toBe('d');
  });
});
