import { describe, expect, it } from '@jest/globals';
import type { CreateOptions, CreateOptionsInput } from '../../../domain/create-options/build-create-options.ts';
import { compareSuccessor, describeDifferences } from '../../../domain/create-options/compare.ts';
import { deepCopy } from '../../../domain/create-options/deep-copy.ts';
import { foreseeSuccessor } from '../../../domain/create-options/foresee-successor.ts';
import type { ContainerInspect } from '../../../domain/engine-types.ts';
import type { FieldDifference } from '../../../domain/field-difference.ts';
import { build, fixture } from './fixture.ts';

type Change = (container: ContainerInspect) => void;

interface Case {
  /** How the predecessor is, other than in the fixture; its successor as well. */
  both?: Change;
  predecessor?: Change;
  /** What the engine made otherwise. */
  actual?: Change;
  input?: Partial<CreateOptionsInput>;
}

const none = () => undefined;

function compared(shape: string, { both = none, predecessor = none, actual = none, input = {} }: Case) {
  const given = fixture(shape);
  both(given.container);
  predecessor(given.container);
  both(given.successor);
  actual(given.successor);
  const change = (container: ContainerInspect) => {
    both(container);
    predecessor(container);
  };
  const options = build(shape, change, input);
  return compareSuccessor({ ...given, options, predecessor: given.container, actual: given.successor });
}

const paths = (differences: FieldDifference[]) => differences.map(({ path }) => path);

/** What is found where our own create call is wrong and the engine made exactly what it says. */
function misguided(shape: string, spoil: (options: CreateOptions) => void): string[] {
  const { container: predecessor, successor, ...images } = fixture(shape);
  const options = build(shape);
  spoil(options);
  const { config, hostConfig, networks } = foreseeSuccessor(options, predecessor, images.newImage);
  const Config = { ...config, Image: successor.Config.Image ?? '', Hostname: options.body.Hostname ?? 'any' };
  const actual = { ...successor, Config, HostConfig: hostConfig, NetworkSettings: { Networks: networks } };
  return paths(compareSuccessor({ ...images, options, predecessor, actual }));
}

function endpoint(container: ContainerInspect, network: string) {
  return container.NetworkSettings.Networks[network] ?? {};
}

describe('what an obedient engine made of a wrong create call is caught', () => {
  it.each<[string, string, (options: CreateOptions) => void, string[]]>([
    ['nothing wrong', 'user-overrides-all', none, []],
    [
      'a lost variable',
      'user-overrides-all',
      ({ body }) => Object.assign(body, { Env: body.Env?.filter((entry) => !entry.startsWith('SECRET=')) }),
      ['Config.Env.SECRET'],
    ],
    ['a lost user', 'user-overrides-all', ({ body }) => delete body.User, ['Config.User']],
    ['a lost limit', 'limits', ({ body }) => delete body.HostConfig.Memory, ['HostConfig.Memory']],
    [
      'a variable nobody set',
      'plain-web',
      ({ body }) => Object.assign(body, { Env: [...(body.Env ?? []), 'ADDED=1'] }),
      ['Config.Env.ADDED'],
    ],
    ['a user nobody set', 'plain-web', ({ body }) => Object.assign(body, { User: '7' }), ['Config.User']],
  ])('%s', (_what, shape, spoil, expected) => {
    expect(misguided(shape, spoil)).toEqual(expected);
  });
});

describe('a successor is caught that', () => {
  it.each<[string, string, Case, string]>([
    [
      'has another name of its image',
      'plain-web',
      { actual: ({ Config }) => Object.assign(Config, { Image: 'other' }) },
      'Config.Image',
    ],
    [
      'lost its shell',
      'plain-web',
      {
        both: ({ Config }) => Object.assign(Config, { Shell: ['/bin/ash', '-c'] }),
        actual: ({ Config }) => Object.assign(Config, { Shell: null }),
      },
      'Config.Shell',
    ],
    [
      'has the daemon’s init where none was asked for',
      'plain-web',
      {
        both: ({ HostConfig }) => Object.assign(HostConfig, { Init: false }),
        actual: ({ HostConfig }) => Object.assign(HostConfig, { Init: null }),
      },
      'HostConfig.Init',
    ],
    [
      'restarts in another way',
      'restart-always-log',
      { actual: ({ HostConfig }) => Object.assign(HostConfig, { RestartPolicy: { Name: 'on-failure' } }) },
      'HostConfig.RestartPolicy.Name',
    ],
    [
      'has a variable empty that was taken away',
      'plain-web',
      {
        both: ({ Config }) => Object.assign(Config, { Env: [...(Config.Env ?? []), 'GONE'] }),
        actual: ({ Config }) =>
          Object.assign(Config, { Env: Config.Env?.map((entry) => (entry === 'GONE' ? 'GONE=' : entry)) }),
      },
      'Config.Env.GONE',
    ],
    [
      'lost the priority of one of its gateways',
      'two-networks',
      {
        both: (container) => {
          Object.assign(endpoint(container, 'shop-front'), { GwPriority: 5 });
          Object.assign(endpoint(container, 'shop-back'), { GwPriority: 7 });
        },
        actual: (container) => Object.assign(endpoint(container, 'shop-front'), { GwPriority: 0 }),
      },
      'NetworkSettings.Networks.shop-front.GwPriority',
    ],
  ])('%s', (_what, shape, given, path) => expect(paths(compared(shape, given))).toContain(path));

  it.each(['shop-back', 'shop-front'])('lost its MAC address in %s, whichever of its networks that is', (network) => {
    const input = { apiVersion: '1.44' };
    const both = (container: ContainerInspect) =>
      Object.assign(endpoint(container, network), { MacAddress: '0e:11:22:33:44:55' });
    expect(paths(compared('two-networks', { both, input }))).toEqual([]);
    const actual = (container: ContainerInspect) =>
      Object.assign(endpoint(container, network), { MacAddress: '02:42:0a:00:00:02' });
    expect(paths(compared('two-networks', { both, actual, input }))).toEqual(['Config.MacAddress']);
  });

  it('has a directory of the host where the new image declares a volume', () => {
    const given = fixture('plain-web');
    given.newImage.Config = { ...given.newImage.Config, Volumes: { '/new': {} } };
    const options = build('plain-web', none, { newImage: given.newImage });
    const compare = (Type: string) => {
      const actual = deepCopy(given.successor);
      actual.Config.Volumes = { '/new': {} };
      actual.Mounts.push({ Type, Name: 'd'.repeat(64), Source: '/srv', Destination: '/new', RW: true });
      return compareSuccessor({ ...given, options, predecessor: given.container, actual });
    };
    expect(compare('volume')).toEqual([]);
    expect(paths(compare('bind'))).toContain('Mounts./new.Type');
  });

  it('differs, with what was intended, what is there and why it counts', () => {
    const differences = compared('volumes', {
      actual: ({ HostConfig, Mounts }) => {
        Object.assign(HostConfig, { ShmSize: 1 });
        Object.assign(Mounts.find((mount) => mount.Destination === '/anon') ?? {}, { Name: 'other' });
      },
    });
    expect(paths(differences).sort()).toEqual(['HostConfig.ShmSize', 'Mounts./anon.Source']);
    for (const { cause } of differences) expect(cause).toBe('not explained by any rule');
  });
});

describe('no difference is', () => {
  it.each<[string, string, Case]>([
    [
      'a name that the engine gave the successor in its network',
      'two-networks',
      {
        actual: (container) => {
          const front = endpoint(container, 'shop-front');
          container.Name = '/its-own-name';
          front.Aliases = [...(front.Aliases ?? []), 'its-own-name'];
        },
      },
    ],
    [
      'the successor’s host name among its names',
      'two-networks',
      {
        both: (container) => {
          for (const network of ['shop-front', 'shop-back']) endpoint(container, network).Aliases = ['web'];
        },
        actual: (container) => {
          const back = endpoint(container, 'shop-back');
          back.Aliases = [...(back.Aliases ?? []), container.Config.Hostname ?? ''];
        },
      },
    ],
    [
      'a name in the default bridge, which knows none',
      'plain-web',
      { actual: (c) => Object.assign(endpoint(c, 'bridge'), { Aliases: ['x'] }) },
    ],
    [
      'an address in the default bridge',
      'plain-web',
      {
        predecessor: (container) =>
          Object.assign(endpoint(container, 'bridge'), { IPAMConfig: { IPv4Address: '10.0.0.9' } }),
      },
    ],
    [
      'what the engine copied from the container whose network it is',
      'container-network',
      { predecessor: ({ Config }) => Object.assign(Config, { Domainname: 'lan', ExposedPorts: { '99/tcp': {} } }) },
    ],
    ['a host name that is not there', 'plain-web', { predecessor: ({ Config }) => delete Config.Hostname }],
    ['an empty host name', 'plain-web', { predecessor: ({ Config }) => Object.assign(Config, { Hostname: '' }) }],
    ['the machine’s host name', 'host-network', { input: { machineName: 'dockerhost' } }],
    [
      'the machine’s host name by its namespace',
      'two-networks',
      { both: ({ HostConfig }) => Object.assign(HostConfig, { UTSMode: 'host' }) },
    ],
    ['an empty MAC address', 'plain-web', { predecessor: ({ Config }) => Object.assign(Config, { MacAddress: '' }) }],
    [
      'a MAC address that the host’s network has no use for',
      'host-network',
      { predecessor: ({ Config }) => Object.assign(Config, { MacAddress: '02:42:aa:bb:cc:dd' }) },
    ],
    [
      'a MAC address that another container’s network has no use for',
      'container-network',
      { predecessor: ({ Config }) => Object.assign(Config, { MacAddress: '02:42:aa:bb:cc:dd' }) },
    ],
    [
      'another order of capabilities',
      'limits',
      {
        both: ({ HostConfig }) => Object.assign(HostConfig, { CapAdd: ['CAP_NET_ADMIN', 'CAP_SYS_TIME'] }),
        actual: ({ HostConfig }) => Object.assign(HostConfig, { CapAdd: ['CAP_SYS_TIME', 'CAP_NET_ADMIN'] }),
      },
    ],
    [
      'a network mode that is not said and the engine writes down',
      'plain-web',
      { predecessor: ({ HostConfig }) => delete HostConfig.NetworkMode },
    ],
  ])('%s', (_what, shape, given) => expect(compared(shape, given)).toEqual([]));

  it('listed as one where the host name is the machine’s, but with its cause', () => {
    const { container, oldImage, newImage } = fixture('host-network');
    const options = build('host-network', none, { machineName: 'dockerhost' });
    expect(describeDifferences({ predecessor: container, options, oldImage, newImage })).toContainEqual({
      path: 'Config.Hostname',
      before: 'dockerhost',
      after: null,
      cause: 'it is the name of the machine or container whose network it uses',
    });
  });
});
