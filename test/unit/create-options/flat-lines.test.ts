import { describe, expect, it } from '@jest/globals';
import { viewConfig, viewHostConfig, viewNetworks } from '../../../domain/create-options/container-view.ts';
import type { HostConfig } from '../../../domain/engine-types.ts';

const lines = (hostConfig: HostConfig) => Object.fromEntries(viewHostConfig(hostConfig));

describe('two ways of writing the same give the same lines', () => {
  it.each<[string, HostConfig, HostConfig]>([
    ['zero and nothing', { Memory: 0 }, {}],
    ['null and nothing, also where zero counts', { Init: null, MemorySwappiness: null }, {}],
    ['no limit of processes', { PidsLimit: -1 }, { PidsLimit: null }],
    ['no limit of processes as zero', { PidsLimit: 0 }, {}],
    ['the default bridge', { NetworkMode: '' }, { NetworkMode: 'default' }],
    ['the default bridge by its name', { NetworkMode: 'bridge' }, { NetworkMode: 'default' }],
    ['the default bridge by not saying anything', {}, { NetworkMode: 'default' }],
    ['no restart', { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } }, { RestartPolicy: { Name: '' } }],
    ['a path', { Tmpfs: { '/run/': 'size=1m' } }, { Tmpfs: { '/run': 'size=1m' } }],
    ['a port that is published anywhere', { PortBindings: { '80': null } }, { PortBindings: { '80/tcp': [] } }],
    [
      'options that say nothing',
      { Mounts: [{ Type: 'volume', Target: '/a', VolumeOptions: { Labels: {} } }] },
      { Mounts: [{ Type: 'volume', Target: '/a' }] },
    ],
  ])('%s', (_what, one, other) => expect(lines(one)).toEqual(lines(other)));
});

describe('what says something has its line', () => {
  it('zero or false over a default of the engine', () => {
    expect(lines({ Init: false, MemorySwappiness: 0, NetworkMode: 'none' })).toEqual({
      'HostConfig.Init': 'false',
      'HostConfig.MemorySwappiness': '0',
      'HostConfig.NetworkMode': 'none',
    });
  });

  it('a command of one empty word, which is not the same as no command', () => {
    expect([...viewConfig({ Cmd: [''] }).keys()]).toEqual(['Config.Cmd']);
    expect([...viewConfig({ Cmd: [] }).keys()]).toEqual([]);
  });

  it('nothing else has', () => {
    expect([...viewConfig({})]).toEqual([]);
    expect([...viewNetworks({ bridge: { Aliases: ['x'] } }, new Set()).keys()]).toEqual([
      'NetworkSettings.Networks.bridge',
    ]);
  });
});
