import { describe, expect, it } from '@jest/globals';
import type { CreateOptionsInput } from '../../../domain/create-options/build-create-options.ts';
import type { ContainerInspect } from '../../../domain/engine-types.ts';
import { build } from './fixture.ts';

describe('the host name', () => {
  it.each<[string, string, Partial<CreateOptionsInput>, string | undefined]>([
    ['is the user’s', 'two-networks', {}, 'front'],
    ['is made from the id by the engine', 'plain-web', {}, undefined],
    ['is that of the other container', 'container-network', {}, undefined],
    ['is the machine’s', 'host-network', { machineName: 'dockerhost' }, undefined],
    ['may be the machine’s or the user’s: nothing is lost by keeping it', 'host-network', {}, 'dockerhost'],
    ['is the user’s in the host’s network', 'host-network', { machineName: 'another' }, 'dockerhost'],
  ])('%s', (_what, shape, input, expected) => expect(build(shape, undefined, input).body.Hostname).toBe(expected));

  it('goes with the machine’s UTS namespace, where the engine refuses it', () => {
    const options = build('two-networks', ({ HostConfig }) => Object.assign(HostConfig, { UTSMode: 'host' }));
    expect(options.body).not.toHaveProperty('Hostname');
  });
});

describe('a container in another one’s network', () => {
  it('is sent without what the engine refuses there', () => {
    const { body } = build('container-network', ({ Config, HostConfig }) => {
      Object.assign(Config, { Domainname: 'lan', ExposedPorts: { '80/tcp': {} }, MacAddress: '02:42:aa:bb:cc:dd' });
      Object.assign(HostConfig, {
        Links: ['/db:/web/db'],
        Dns: ['10.0.0.1'],
        ExtraHosts: ['a:1'],
        PortBindings: { '80/tcp': [{}] },
        PublishAllPorts: true,
      });
    });
    for (const field of ['Hostname', 'Domainname', 'ExposedPorts', 'MacAddress'])
      expect(body).not.toHaveProperty(field);
    expect(body.HostConfig).toMatchObject({
      Links: null,
      Dns: null,
      ExtraHosts: null,
      PortBindings: null,
      PublishAllPorts: false,
    });
    expect(body.NetworkingConfig).toEqual({ EndpointsConfig: {} });
  });
});

describe('references to other containers', () => {
  const OLD = 'a'.repeat(64);
  const NEW = 'b'.repeat(64);

  it('follow those that were recreated', () => {
    const options = build(
      'volumes-from',
      ({ HostConfig }) =>
        Object.assign(HostConfig, {
          NetworkMode: `container:${OLD}`,
          IpcMode: `container:${OLD}`,
          PidMode: 'container:db',
          VolumesFrom: [`${OLD}:ro`, 'named'],
        }),
      {
        presentContainers: new Map([
          [OLD, NEW],
          ['db', NEW],
          ['named', NEW],
        ]),
      },
    );
    expect(options.body.HostConfig).toMatchObject({
      NetworkMode: `container:${NEW}`,
      IpcMode: `container:${NEW}`,
      // A name goes on meaning whoever has it.
      PidMode: 'container:db',
      VolumesFrom: [`${NEW}:ro`, 'named'],
    });
    expect(options.explained.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['HostConfig.NetworkMode', 'HostConfig.IpcMode', 'HostConfig.VolumesFrom']),
    );
    expect(options.warnings).toEqual([]);
  });

  it('stay with a warning where the other one is gone', () => {
    const options = build('plain-web', ({ HostConfig }) => Object.assign(HostConfig, { PidMode: `container:${OLD}` }));
    expect(options.body.HostConfig.PidMode).toBe(`container:${OLD}`);
    expect(options.warnings).toEqual([
      expect.stringContaining(`HostConfig.PidMode refers to container ${OLD}, which is not on this host any more`),
    ]);
  });
});

describe('volumes', () => {
  const NAME = 'c'.repeat(64);
  const anonymous = {
    Type: 'volume',
    Name: NAME,
    Source: `/var/lib/docker/volumes/${NAME}/_data`,
    Destination: '/data',
    Driver: 'local',
    Mode: '',
    RW: true,
  };

  it('of volumes-from are left to it', () => {
    expect(build('volumes-from').body.HostConfig.Mounts).toBeUndefined();
  });

  it('that may be own ones next to volumes-from are attached by name, so that nothing is lost', () => {
    const own = (container: ContainerInspect) => Object.assign(container, { Mounts: [anonymous] });
    const attached = [{ Type: 'volume', Source: NAME, Target: '/data' }];
    expect(build('volumes-from', own).body.HostConfig.Mounts).toEqual(attached);
    const sourceMounts = new Map([['shop-source', [anonymous]]]);
    expect(build('volumes-from', own, { sourceMounts }).body.HostConfig.Mounts).toBeUndefined();
  });

  it('hidden by a tmpfs are not attached', () => {
    const options = build('tmpfs-over-volume', ({ Mounts }) => Mounts.push({ ...anonymous, Destination: '/cache' }));
    expect(options.body.HostConfig.Mounts?.map((mount) => mount.Target)).toEqual(['/data']);
  });
});

describe('networks', () => {
  it('all go into the create call from API 1.44 on', () => {
    const { body, connectAfterCreate } = build('two-networks', undefined, { apiVersion: '1.44' });
    expect(Object.keys(body.NetworkingConfig.EndpointsConfig).sort()).toEqual(['shop-back', 'shop-front']);
    expect(connectAfterCreate).toEqual([]);
  });

  it.each([
    ['1.9', false],
    ['1.43', false],
    ['1.44', true],
    ['1.51', true],
    ['2.0', true],
  ])('in API %s: several at once %s', (apiVersion, several) => {
    expect(build('two-networks', undefined, { apiVersion }).connectAfterCreate.length).toBe(several ? 0 : 1);
  });

  it('keep link-local addresses and gateway priority, and nothing that was found at run time', () => {
    const { body } = build('two-networks', ({ NetworkSettings }) => {
      Object.assign(NetworkSettings.Networks['shop-front'] ?? {}, {
        IPAMConfig: { IPv4Address: '10.213.100.50', IPv6Address: '', LinkLocalIPs: ['169.254.1.1'] },
        GwPriority: 5,
        DNSNames: ['x'],
      });
    });
    expect(body.NetworkingConfig.EndpointsConfig['shop-front']).toEqual({
      Aliases: ['web', 'www', 'front'],
      IPAMConfig: { IPv4Address: '10.213.100.50', LinkLocalIPs: ['169.254.1.1'] },
      GwPriority: 5,
    });
  });
});

describe('a MAC address', () => {
  const mac = (shape: string, apiVersion: string, change?: (container: ContainerInspect) => void) => {
    const options = build(shape, change, { apiVersion });
    const network = shape === 'plain-web' ? 'bridge' : 'shop-front';
    return {
      config: options.body.MacAddress,
      endpoint: options.body.NetworkingConfig.EndpointsConfig[network]?.MacAddress,
      warnings: options.warnings,
    };
  };

  it('that was generated is never pinned, for the engine gives it to another container later', () => {
    expect(mac('two-networks', '1.41')).toEqual({ config: undefined, endpoint: undefined, warnings: [] });
    expect(mac('two-networks', '1.44')).toEqual({ config: undefined, endpoint: undefined, warnings: [] });
    expect(mac('plain-web', '1.44')).toEqual({ config: undefined, endpoint: undefined, warnings: [] });
  });

  it('that was configured stays, in the place where the API version takes it', () => {
    expect(mac('mac-address', '1.41')).toMatchObject({ config: '02:42:aa:bb:cc:dd', endpoint: undefined });
    expect(mac('mac-address', '1.44')).toEqual({ config: undefined, endpoint: '02:42:aa:bb:cc:dd', warnings: [] });
  });

  it('that is not of the generated pattern stays from API 1.44 on, with a warning', () => {
    const own = ({ NetworkSettings }: ContainerInspect) =>
      Object.assign(NetworkSettings.Networks['shop-front'] ?? {}, { MacAddress: '0e:11:22:33:44:55' });
    expect(mac('two-networks', '1.44', own)).toEqual({
      config: undefined,
      endpoint: '0e:11:22:33:44:55',
      warnings: [expect.stringContaining('0e:11:22:33:44:55 in network shop-front is kept')],
    });
    expect(mac('two-networks', '1.43', own).endpoint).toBeUndefined();
  });
});
