import { describe, expect, it } from '@jest/globals';
import { keepUserCommand } from '../../../domain/create-options/command.ts';
import { followImageInComposeLabel } from '../../../domain/create-options/compose.ts';
import { keepUserScalars } from '../../../domain/create-options/config-defaults.ts';
import { foreseeSuccessor } from '../../../domain/create-options/foresee-successor.ts';
import { keepUserHealthcheck } from '../../../domain/create-options/healthcheck.ts';
import { userHostname } from '../../../domain/create-options/modes.ts';
import type { ContainerInspect } from '../../../domain/engine-types.ts';
import { build, fixture } from './fixture.ts';

const NAME = 'c'.repeat(64);
const OTHER = `${'ab'.repeat(6)}${'0'.repeat(52)}`;

function front(container: ContainerInspect) {
  return container.NetworkSettings.Networks['shop-front'] ?? {};
}

describe('what is not there is not sent', () => {
  it('in the engine’s part', () => {
    const { body, explained } = build('plain-web', ({ HostConfig }) => {
      delete HostConfig.Binds;
      delete HostConfig.Links;
      delete HostConfig.NetworkMode;
    });
    for (const field of ['Binds', 'Links', 'NetworkMode']) expect(body.HostConfig).not.toHaveProperty(field);
    expect(explained).toEqual([]);
  });

  it('in the image’s part, where empty means the image’s', () => {
    const image = { User: 'www', WorkingDir: '/srv', StopSignal: 'SIGINT' };
    expect(keepUserScalars({ User: '', StopSignal: 'SIGINT' }, image)).toStrictEqual({});
    expect(keepUserHealthcheck(JSON.parse('{"Interval":null}'), { Interval: 1 })).toBeNull();
    expect(keepUserCommand({ Cmd: null }, { Cmd: ['serve'] })).toEqual({ Cmd: [] });
  });

  it('in a network', () => {
    const { body } = build('two-networks', (container) => {
      container.NetworkSettings.Networks['shop-front'] = {
        GwPriority: 0,
        IPAMConfig: JSON.parse('{"IPv4Address":null,"LinkLocalIPs":[]}'),
      };
    });
    expect(body.NetworkingConfig.EndpointsConfig).toEqual({ 'shop-front': {} });
  });

  it('of a MAC address that an engine does not tell', () => {
    const options = build('two-networks', (container) => delete front(container).MacAddress, { apiVersion: '1.44' });
    expect(options.body.NetworkingConfig.EndpointsConfig['shop-front']).not.toHaveProperty('MacAddress');
    expect(options.warnings).toEqual([]);
  });

  it('and a Windows flag goes with the command that it belongs to', () => {
    const flag = (Cmd: string[] | undefined) =>
      build('plain-web', ({ Config }) => Object.assign(Config, { ArgsEscaped: true, ...(Cmd ? { Cmd } : {}) })).body;
    expect(flag(['own'])).toMatchObject({ Cmd: ['own'], ArgsEscaped: true });
    expect(flag(undefined)).not.toHaveProperty('ArgsEscaped');
  });
});

describe('a host name', () => {
  const named = (shape: string, Config: ContainerInspect['Config']) => {
    const { container } = fixture(shape);
    return userHostname({ ...container, Config }, undefined);
  };

  it('like the machine’s is the user’s outside of the host’s network', () => {
    expect(build('two-networks', undefined, { machineName: 'front' }).body.Hostname).toBe('front');
  });

  it('that is not there is none, nor is that of another container', () => {
    expect(named('two-networks', {})).toBeNull();
    expect(named('container-network', { Hostname: 'other' })).toBeNull();
  });
});

describe('a container in the host’s network', () => {
  it('is sent without what the engine refuses there', () => {
    const { body } = build('host-network', ({ Config, HostConfig }) => {
      Object.assign(Config, { MacAddress: '02:42:aa:bb:cc:dd' });
      Object.assign(HostConfig, { Links: ['/db:/web/db'] });
    });
    expect(body).not.toHaveProperty('MacAddress');
    expect(body.HostConfig.Links).toBeNull();
  });
});

describe('a reference to another container', () => {
  const SHORT = OTHER.slice(0, 12);
  const references = ({ HostConfig }: ContainerInspect) =>
    Object.assign(HostConfig, { PidMode: `container:${SHORT}`, VolumesFrom: [`${SHORT}:ro`] });

  it('that still holds stays as it is written, and nothing is said of it', () => {
    const options = build('plain-web', references, { presentContainers: new Map([[SHORT, OTHER]]) });
    expect(options.body.HostConfig).toMatchObject({ PidMode: `container:${SHORT}`, VolumesFrom: [`${SHORT}:ro`] });
    expect(options.explained).toEqual([]);
    expect(options.warnings).toEqual([]);
  });

  it('that is gone is named with its place', () => {
    expect(build('plain-web', references).warnings).toEqual([
      expect.stringContaining('HostConfig.PidMode'),
      expect.stringContaining('HostConfig.VolumesFrom'),
    ]);
  });

  it('that changed says why', () => {
    const options = build('plain-web', references, { presentContainers: new Map([[SHORT, NAME]]) });
    expect(options.explained.map(({ cause }) => cause)).toEqual([
      'the container that it refers to has this id now',
      'the containers that it refers to have these ids now',
    ]);
  });
});

describe('a mount', () => {
  const mounted = (change: (container: ContainerInspect) => void) => build('plain-web', change);

  it('of a named volume is nothing to explain', () => {
    const options = mounted((container) => {
      container.HostConfig.Mounts = [{ Type: 'volume', Source: 'cache', Target: '/cache' }];
      container.Mounts = [{ Type: 'volume', Name: 'cache', Destination: '/cache', RW: true }];
    });
    expect(options.body.HostConfig.Mounts).toEqual([{ Type: 'volume', Source: 'cache', Target: '/cache' }]);
    expect(options.explained).toEqual([]);
  });

  it('without a place stays as it is', () => {
    const options = mounted(({ HostConfig }) => Object.assign(HostConfig, { Mounts: [{ Type: 'volume' }] }));
    expect(options.body.HostConfig.Mounts).toEqual([{ Type: 'volume' }]);
  });

  it('that no volume’s name is known of is not attached, nor is a directory of the host', () => {
    const options = mounted((container) => {
      container.Mounts = [
        { Type: 'volume', Destination: '/data', RW: true },
        { Type: 'bind', Name: 'named', Source: '/srv', Destination: '/srv', RW: true },
      ];
    });
    expect(options.body.HostConfig.Mounts ?? []).toEqual([]);
  });

  it('of a volume under a tmpfs is not foreseen, any other there is', () => {
    const { container, newImage } = fixture('tmpfs-over-volume');
    const [Destination = ''] = Object.keys(container.HostConfig.Tmpfs ?? {});
    const Mounts = [
      { Type: 'volume', Name: NAME, Destination },
      { Type: 'tmpfs', Destination },
    ];
    const foreseen = foreseeSuccessor(build('tmpfs-over-volume'), { ...container, Mounts }, newImage);
    expect(foreseen.mounts).toEqual([{ Type: 'tmpfs', Destination }]);
  });
});

describe('a network', () => {
  const inMode = (NetworkMode: string, NetworkID = OTHER) =>
    build('two-networks', (container) => {
      container.HostConfig.NetworkMode = NetworkMode;
      Object.assign(front(container), { NetworkID });
    }).body;

  it('may be meant by the beginning of its id', () => {
    const body = inMode(OTHER.slice(0, 12));
    expect(body.HostConfig.NetworkMode).toBe(OTHER.slice(0, 12));
    expect(Object.keys(body.NetworkingConfig.EndpointsConfig)).toEqual(['shop-front']);
  });

  it('is not meant by an id that none of them has', () => {
    const networks = Object.keys(fixture('two-networks').container.NetworkSettings.Networks);
    expect(inMode('f'.repeat(64)).HostConfig.NetworkMode).toBe(networks[0]);
  });

  it('is none in mode none, whatever the engine lists', () => {
    const { body } = build('plain-web', (container) => {
      container.HostConfig.NetworkMode = 'none';
      container.NetworkSettings.Networks = { none: {} };
    });
    expect(body.NetworkingConfig.EndpointsConfig).toEqual({});
  });

  it('gets no addresses in the default bridge, where the engine refuses them', () => {
    const { body } = build('plain-web', ({ NetworkSettings }) =>
      Object.assign(NetworkSettings.Networks.bridge ?? {}, { Aliases: ['x'], IPAMConfig: { IPv4Address: '10.0.0.9' } }),
    );
    expect(body.NetworkingConfig.EndpointsConfig).toEqual({});
  });

  it('other than the main one does not get the configured MAC address as well', () => {
    const mac = '02:42:aa:bb:cc:dd';
    const configured = ({ Config }: ContainerInspect) => Object.assign(Config, { MacAddress: mac });
    const { EndpointsConfig } = build('two-networks', configured, { apiVersion: '1.44' }).body.NetworkingConfig;
    expect(EndpointsConfig['shop-front']?.MacAddress).toBe(mac);
    expect(EndpointsConfig['shop-back']).not.toHaveProperty('MacAddress');
  });
});

describe('Compose’s label of the image', () => {
  it('is nothing to explain where it is right already', () => {
    const labels = { 'com.docker.compose.image': 'sha256:same' };
    expect(followImageInComposeLabel(labels, 'sha256:same')).toEqual({ labels, explained: [] });
  });
});
