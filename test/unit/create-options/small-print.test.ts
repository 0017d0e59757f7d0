import { describe, expect, it } from '@jest/globals';
import { compareSuccessor, describeDifferences } from '../../../domain/create-options/compare.ts';
import { keepUserScalars, normalPath, normalPort } from '../../../domain/create-options/config-defaults.ts';
import { viewHostConfig, viewMounts } from '../../../domain/create-options/container-view.ts';
import { deepCopy } from '../../../domain/create-options/deep-copy.ts';
import { keepUserEnv } from '../../../domain/create-options/env.ts';
import { foreseeSuccessor } from '../../../domain/create-options/foresee-successor.ts';
import { keepUserHealthcheck } from '../../../domain/create-options/healthcheck.ts';
import { inheritFromImage } from '../../../domain/create-options/inherit-from-image.ts';
import { keepUserLabels } from '../../../domain/create-options/labels.ts';
import { normalLinks } from '../../../domain/create-options/links.ts';
import { configuredMacAddress } from '../../../domain/create-options/mac-address.ts';
import { isDefaultBridge, takesSeveralNetworks } from '../../../domain/create-options/networks.ts';
import type { ContainerInspect } from '../../../domain/engine-types.ts';
import { build, fixture } from './fixture.ts';

describe('the shell', () => {
  it.each([
    ['of the user’s stays', ['/bin/bash', '-c'], ['/bin/sh', '-c'], ['/bin/bash', '-c']],
    ['of the image’s follows the image', ['/bin/sh', '-c'], ['/bin/sh', '-c'], undefined],
    ['that is not set is not sent', [], ['/bin/sh', '-c'], undefined],
    ['of the user’s stays where the image has none', ['/bin/bash'], undefined, ['/bin/bash']],
  ])('%s', (_what, shell, imageShell, kept) => {
    const image = imageShell === undefined ? {} : { Shell: imageShell };
    expect(keepUserScalars({ Shell: shell }, image).Shell).toEqual(kept);
  });

  it('is a copy', () => {
    const shell = ['/bin/bash'];
    expect(keepUserScalars({ Shell: shell }, {}).Shell).not.toBe(shell);
  });
});

describe('ways to write the same thing', () => {
  it.each([
    ['80', '80/tcp'],
    ['80/tcp', '80/tcp'],
    ['53/udp', '53/udp'],
  ])('port %s is %s', (port, normal) => expect(normalPort(port)).toBe(normal));

  it.each([
    ['/data/', '/data'],
    ['//data//deep/', '/data/deep'],
    ['/./data', '/data'],
    ['/', '/'],
    ['data', '/data'],
  ])('path %s is %s', (path, normal) => expect(normalPath(path)).toBe(normal));

  it.each([
    ['/db:/web/database', 'db:database'],
    ['db:database', 'db:database'],
    ['db', 'db:db'],
    ['/db', 'db:db'],
  ])('link %s is %s', (link, normal) => expect(normalLinks([link])).toEqual([normal]));

  it('no links are none', () => {
    expect(normalLinks(null)).toEqual([]);
    expect(normalLinks(undefined)).toEqual([]);
  });

  it.each([
    ['', true],
    ['default', true],
    ['bridge', true],
    ['bridged', false],
    ['none', false],
  ])('mode %j is the default bridge: %s', (mode, is) => expect(isDefaultBridge(mode)).toBe(is));

  it.each([
    ['1.43', false],
    ['1.44', true],
    ['1.100', true],
    ['0.99', false],
    ['2', true],
    ['2.1', true],
    ['1', false],
    ['', false],
  ])('API %j takes several networks: %s', (version, takes) => expect(takesSeveralNetworks(version)).toBe(takes));
});

describe('where nothing is said', () => {
  it('no labels and no variables are kept', () => {
    expect(keepUserLabels(null, { a: '1' })).toEqual({});
    expect(keepUserLabels({ a: '1' }, undefined)).toEqual({ a: '1' });
    expect(keepUserEnv(undefined, undefined)).toBeNull();
    expect(keepUserHealthcheck(undefined, { Test: ['CMD', 'a'] })).toBeNull();
    expect(keepUserHealthcheck({}, { Test: ['CMD', 'a'] })).toBeNull();
  });

  it('a copy of nothing is nothing', () => {
    expect(deepCopy(null)).toBeNull();
    expect(deepCopy(undefined)).toBeUndefined();
    expect(deepCopy([null, 0, ''])).toEqual([null, 0, '']);
  });

  it('a successor inherits nothing', () => {
    expect(inheritFromImage({}, {})).toEqual({
      Entrypoint: [],
      Cmd: [],
      Env: [],
      Labels: {},
      ExposedPorts: {},
      Volumes: {},
      Healthcheck: null,
      User: '',
      WorkingDir: '',
      StopSignal: '',
    });
  });
});

describe('what a successor inherits', () => {
  const image = {
    Env: ['A=image', 'B=image'],
    Entrypoint: ['/entry'],
    Cmd: ['serve'],
    Labels: { a: 'image', b: 'image' },
    ExposedPorts: { '80': {} },
    Volumes: { '/data/': {} },
    User: 'www',
    WorkingDir: '/srv',
    StopSignal: 'SIGINT',
    Healthcheck: { Test: ['CMD', 'a'], Interval: 1, Retries: 2 },
  };

  it('is everything of the image where nothing is the user’s', () => {
    expect(inheritFromImage({}, image)).toEqual({ ...image, ExposedPorts: { '80/tcp': {} }, Volumes: { '/data': {} } });
  });

  it('is what the user did not say', () => {
    const own = {
      Env: ['A=own'],
      Labels: { a: 'own' },
      User: 'me',
      Healthcheck: { Test: [], Interval: 0, Retries: 5 },
    };
    expect(inheritFromImage(own, image)).toMatchObject({
      Env: ['A=own', 'B=image'],
      Labels: { a: 'own', b: 'image' },
      User: 'me',
      WorkingDir: '/srv',
      Healthcheck: { Test: ['CMD', 'a'], Interval: 1, Retries: 5 },
    });
  });

  it.each([
    ['a command of the user’s leaves the image’s entrypoint', { Cmd: ['x'] }, ['/entry'], ['x']],
    ['an entrypoint of the user’s takes the image’s command away', { Entrypoint: ['/own'] }, ['/own'], []],
    ['a reset entrypoint is none, and takes the command away', { Entrypoint: [''] }, [], []],
    ['both of the user’s', { Entrypoint: ['/own'], Cmd: ['x'] }, ['/own'], ['x']],
    ['two empty words are no reset', { Entrypoint: ['', ''] }, ['', ''], []],
  ])('%s', (_what, own, entrypoint, cmd) =>
    expect(inheritFromImage(own, image)).toMatchObject({ Entrypoint: entrypoint, Cmd: cmd }),
  );
});

describe('a MAC address', () => {
  const { container } = fixture('plain-web');
  const of = (mac: string, ip: unknown, configured?: string, isMain = true) =>
    configuredMacAddress(
      { ...container, Config: configured === undefined ? {} : { MacAddress: configured } },
      isMain,
      'net',
      { MacAddress: mac, IPAddress: ip },
    ).mac;

  it.each<[string, string, unknown, string | null]>([
    ['made from its IPv4 address is the engine’s', '02:42:0a:00:00:09', '10.0.0.9', null],
    ['in capitals is as well', '02:42:0A:00:00:09', '10.0.0.9', null],
    ['made from another address is not', '02:42:0a:00:00:08', '10.0.0.9', '02:42:0a:00:00:08'],
    ['of the engine’s range is its own where there is no address', '02:42:0A:00:00:08', '', null],
    ['of another range is not', '02:43:0a:00:00:08', undefined, '02:43:0a:00:00:08'],
    ['that is not there is none', '', '10.0.0.9', null],
  ])('%s', (_what, mac, ip, kept) => expect(of(mac, ip)).toBe(kept));

  it('that Config has counts in the main network, as it stands there', () => {
    expect(of('02:42:0a:00:00:09', '10.0.0.9', '02:42:0a:00:00:09')).toBe('02:42:0a:00:00:09');
    expect(of('02:42:0a:00:00:09', '10.0.0.9', '02:42:aa:bb:cc:dd', false)).toBeNull();
    expect(of('02:42:0a:00:00:09', '10.0.0.9', '')).toBeNull();
  });
});

describe('mounts', () => {
  it('may tell their place as a destination', () => {
    const view = viewHostConfig({
      NetworkMode: 'default',
      Mounts: [{ Type: 'volume', Source: 'a', Destination: '/data/' }, { Type: 'tmpfs' }],
    });
    expect([...view.keys()]).toEqual(['HostConfig.Mounts./data', 'HostConfig.Mounts./', 'HostConfig.NetworkMode']);
    const options = build('plain-web', (container) => {
      container.HostConfig.Mounts = [{ Type: 'volume', Destination: '/data/' }];
      container.Mounts = [{ Type: 'volume', Name: 'c'.repeat(64), Destination: '/data', RW: true }];
    });
    expect(options.body.HostConfig.Mounts).toEqual([{ Type: 'volume', Destination: '/data/', Source: 'c'.repeat(64) }]);
  });

  it('of anonymous volumes that are read only stay so', () => {
    const options = build('plain-web', (container) => {
      container.Mounts = [{ Type: 'volume', Name: 'c'.repeat(64), Destination: '/data', RW: false }];
    });
    expect(options.body.HostConfig.Mounts).toEqual([
      { Type: 'volume', Source: 'c'.repeat(64), Target: '/data', ReadOnly: true },
    ]);
  });

  it('that no volume is known for stay as they are', () => {
    const Mounts = [{ Type: 'volume', Target: '/data' }];
    const options = build('plain-web', (container) => {
      container.HostConfig.Mounts = Mounts;
      container.HostConfig.Binds = ['/lone'];
      container.Mounts = [{ Type: 'volume', Name: '', Destination: '/data' }];
    });
    expect(options.body.HostConfig).toMatchObject({ Mounts, Binds: ['/lone'] });
    expect(options.explained).toEqual([]);
  });

  it('say whether they can be written to, and how they are shared', () => {
    const bind = { Type: 'bind', Source: '/srv', Destination: '/srv/', Propagation: 'rslave', RW: false };
    expect(Object.fromEntries(viewMounts([bind]))).toEqual({
      'Mounts./srv.Type': 'bind',
      'Mounts./srv.Source': '/srv',
      'Mounts./srv.Propagation': 'rslave',
      'Mounts./srv.ReadOnly': 'true',
    });
  });
});

describe('a container that was moved to another network', () => {
  it('says from where, and joins what it is in now', () => {
    const options = build('two-networks', (container) => {
      const { Networks: networks } = container.NetworkSettings;
      container.NetworkSettings.Networks = { 'shop-back': networks['shop-back'] ?? {} };
    });
    expect(options.body.HostConfig.NetworkMode).toBe('shop-back');
    expect(options.explained).toContainEqual({
      path: 'HostConfig.NetworkMode',
      before: 'shop-front',
      after: 'shop-back',
      cause: 'the container was disconnected from shop-front and is in shop-back',
    });
  });
});

describe('the comparison', () => {
  const compared = (
    shape: string,
    changes: { apiVersion?: string; successor?: (actual: ContainerInspect) => void },
  ) => {
    const given = fixture(shape);
    const options = build(shape, undefined, { apiVersion: changes.apiVersion ?? '1.41' });
    const actual = deepCopy(given.successor);
    changes.successor?.(actual);
    return compareSuccessor({ ...given, options, predecessor: given.container, actual }).map(({ path }) => path);
  };

  it('finds a MAC address where new engines have it, and misses one that is not there', () => {
    expect(compared('mac-address', { apiVersion: '1.44' })).toEqual([]);
    const inEndpoint = ({ Config, NetworkSettings }: ContainerInspect, mac: string) => {
      delete Config.MacAddress;
      Object.assign(NetworkSettings.Networks['shop-front'] ?? {}, { MacAddress: mac });
    };
    const given = (mac: string) =>
      compared('mac-address', { apiVersion: '1.44', successor: (actual) => inEndpoint(actual, mac) });
    expect(given('02:42:AA:BB:CC:DD')).toEqual([]);
    expect(given('02:42:0a:00:00:02')).toEqual(['Config.MacAddress']);
    expect(given('')).toEqual(['Config.MacAddress']);
  });

  it('lets another container’s domain name be its affair', () => {
    const successor = ({ Config }: ContainerInspect) => Object.assign(Config, { Domainname: 'elsewhere' });
    expect(compared('container-network', { successor })).toEqual([]);
    expect(compared('two-networks', { successor })).toContain('Config.Domainname');
  });

  it('says the new name of the image where it has another', () => {
    const { container, oldImage, newImage } = fixture('plain-web');
    const options = build('plain-web', undefined, { newImageReference: 'shop/web:2' });
    expect(describeDifferences({ predecessor: container, options, oldImage, newImage })).toContainEqual({
      path: 'Config.Image',
      before: 'shop/web:1.25',
      after: 'shop/web:2',
      cause: 'the update',
    });
  });

  it('foresees a container without a network mode in the default bridge', () => {
    const { container, newImage } = fixture('plain-web');
    const options = build('plain-web', ({ HostConfig }) => {
      delete HostConfig.NetworkMode;
    });
    expect(Object.keys(foreseeSuccessor(options, container, newImage).networks)).toEqual(['bridge']);
  });
});
