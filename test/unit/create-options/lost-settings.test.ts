import { describe, expect, it } from '@jest/globals';
import { buildCreateOptions } from '../../../domain/create-options/build-create-options.ts';
import { compareSuccessor } from '../../../domain/create-options/compare.ts';
import { deepCopy } from '../../../domain/create-options/deep-copy.ts';
import type { ContainerInspect, CreateBody } from '../../../domain/engine-types.ts';
import { type Fixture, fixture } from './fixture.ts';

function optionsOf({ container, oldImage, newImage, expected }: Fixture) {
  const presentContainers = new Map(Object.entries(expected.presentContainers));
  return buildCreateOptions({ containerInspect: container, oldImage, newImage, apiVersion: '1.41', presentContainers });
}

/** Paths that the comparison reports when the engine's successor is damaged in one way. */
function reported(shape: string, damage: (actual: ContainerInspect) => void): string[] {
  const given = fixture(shape);
  const actual = deepCopy(given.successor);
  damage(actual);
  return compareSuccessor({ ...given, predecessor: given.container, options: optionsOf(given), actual }).map(
    ({ path }) => path,
  );
}

/** Paths that it reports when our own create call forgot something, and the engine did as it was told. */
function forgotten(shape: string, forget: (body: CreateBody) => void): string[] {
  const given = fixture(shape);
  const options = optionsOf(given);
  forget(options.body);
  return compareSuccessor({ ...given, predecessor: given.container, options, actual: given.successor }).map(
    ({ path }) => path,
  );
}

describe('a successor that lost something is caught', () => {
  it.each<[string, string, (actual: ContainerInspect) => void, string]>([
    ['a bind', 'volumes', ({ HostConfig }) => HostConfig.Binds?.pop(), 'HostConfig.Binds./etc/conf'],
    ['a mount entry', 'volumes', ({ HostConfig }) => HostConfig.Mounts?.pop(), 'HostConfig.Mounts./cache'],
    [
      'the data of an anonymous volume',
      'volumes',
      ({ Mounts }) => Object.assign(Mounts.find((mount) => mount.Destination === '/anon') ?? {}, { Name: 'other' }),
      'Mounts./anon.Source',
    ],
    [
      'a whole mount',
      'volumes',
      (actual) => Object.assign(actual, { Mounts: actual.Mounts.filter((mount) => mount.Destination !== '/logs') }),
      'Mounts./logs.Type',
    ],
    [
      'read-only',
      'volumes',
      ({ Mounts }) => Object.assign(Mounts.find((mount) => mount.Destination === '/logs') ?? {}, { RW: true }),
      'Mounts./logs.ReadOnly',
    ],
    ['a tmpfs', 'volumes', ({ HostConfig }) => Object.assign(HostConfig, { Tmpfs: {} }), 'HostConfig.Tmpfs./run'],
    [
      'a variable',
      'user-overrides-all',
      ({ Config }) => Object.assign(Config, { Env: Config.Env?.filter((entry) => !entry.startsWith('SECRET=')) }),
      'Config.Env.SECRET',
    ],
    [
      'an empty variable',
      'user-overrides-all',
      ({ Config }) => Object.assign(Config, { Env: Config.Env?.filter((entry) => entry !== 'EMPTY=') }),
      'Config.Env.EMPTY',
    ],
    [
      'a label',
      'compose',
      ({ Config }) => delete Config.Labels?.['com.docker.compose.service'],
      'Config.Labels.com.docker.compose.service',
    ],
    [
      'a capability',
      'limits',
      ({ HostConfig }) => Object.assign(HostConfig, { CapAdd: ['CAP_SYS_TIME'] }),
      'HostConfig.CapAdd',
    ],
    [
      'a dropped capability',
      'limits',
      ({ HostConfig }) => Object.assign(HostConfig, { CapDrop: null }),
      'HostConfig.CapDrop',
    ],
    ['a memory limit', 'limits', ({ HostConfig }) => Object.assign(HostConfig, { Memory: 0 }), 'HostConfig.Memory'],
    [
      'a process limit',
      'limits',
      ({ HostConfig }) => Object.assign(HostConfig, { PidsLimit: null }),
      'HostConfig.PidsLimit',
    ],
    [
      'swappiness zero',
      'limits',
      ({ HostConfig }) => Object.assign(HostConfig, { MemorySwappiness: null }),
      'HostConfig.MemorySwappiness',
    ],
    ['an ulimit', 'limits', ({ HostConfig }) => Object.assign(HostConfig, { Ulimits: [] }), 'HostConfig.Ulimits'],
    ['a device', 'limits', ({ HostConfig }) => Object.assign(HostConfig, { Devices: [] }), 'HostConfig.Devices'],
    [
      'a sysctl',
      'limits',
      ({ HostConfig }) => Object.assign(HostConfig, { Sysctls: {} }),
      'HostConfig.Sysctls.net.ipv4.ip_unprivileged_port_start',
    ],
    [
      'its read-only root',
      'limits',
      ({ HostConfig }) => Object.assign(HostConfig, { ReadonlyRootfs: false }),
      'HostConfig.ReadonlyRootfs',
    ],
    ['its init', 'limits', ({ HostConfig }) => Object.assign(HostConfig, { Init: null }), 'HostConfig.Init'],
    [
      'the restart policy',
      'restart-always-log',
      ({ HostConfig }) => Object.assign(HostConfig, { RestartPolicy: { Name: 'no' } }),
      'HostConfig.RestartPolicy.Name',
    ],
    [
      'a log option',
      'restart-always-log',
      ({ HostConfig }) =>
        Object.assign(HostConfig, { LogConfig: { Type: 'json-file', Config: { 'max-file': '3', labels: 'team' } } }),
      'HostConfig.LogConfig.Config.max-size',
    ],
    [
      'a network',
      'two-networks',
      ({ NetworkSettings }) => delete NetworkSettings.Networks['shop-back'],
      'NetworkSettings.Networks.shop-back',
    ],
    [
      'an alias',
      'two-networks',
      ({ NetworkSettings }) => Object.assign(NetworkSettings.Networks['shop-front'] ?? {}, { Aliases: ['web'] }),
      'NetworkSettings.Networks.shop-front.Aliases.www',
    ],
    [
      'a static address',
      'two-networks',
      ({ NetworkSettings }) => Object.assign(NetworkSettings.Networks['shop-back'] ?? {}, { IPAMConfig: {} }),
      'NetworkSettings.Networks.shop-back.IPAMConfig.IPv4Address',
    ],
    [
      'a link in a network',
      'two-networks',
      ({ NetworkSettings }) => Object.assign(NetworkSettings.Networks['shop-back'] ?? {}, { Links: null }),
      'NetworkSettings.Networks.shop-back.Links.shop-db:db',
    ],
    [
      'a driver option',
      'mac-address',
      ({ NetworkSettings }) => Object.assign(NetworkSettings.Networks['shop-front'] ?? {}, { DriverOpts: null }),
      'NetworkSettings.Networks.shop-front.DriverOpts.com.example.opt',
    ],
    ['its MAC address', 'mac-address', ({ Config }) => Object.assign(Config, { MacAddress: '' }), 'Config.MacAddress'],
    [
      'a field of the health check',
      'healthcheck-partial',
      ({ Config }) => Object.assign(Config.Healthcheck ?? {}, { Interval: 10_000_000_000 }),
      'Config.Healthcheck.Interval',
    ],
    [
      'the health check being off',
      'healthcheck-none',
      ({ Config }) => Object.assign(Config, { Healthcheck: null }),
      'Config.Healthcheck.Test',
    ],
    ['its user', 'user-overrides-all', ({ Config }) => Object.assign(Config, { User: '2000' }), 'Config.User'],
    [
      'its entrypoint',
      'user-overrides-all',
      ({ Config }) => Object.assign(Config, { Entrypoint: ['/bin/sh', '-c'] }),
      'Config.Entrypoint',
    ],
    [
      'the reset of its entrypoint',
      'entrypoint-reset',
      ({ Config }) => Object.assign(Config, { Entrypoint: ['/bin/sh', '-c'] }),
      'Config.Entrypoint',
    ],
    [
      'the absence of a command',
      'entrypoint-same-no-cmd',
      ({ Config }) => Object.assign(Config, { Cmd: ['sleep 1002'] }),
      'Config.Cmd',
    ],
    [
      'a stop time-out of zero',
      'user-overrides-all',
      ({ Config }) => Object.assign(Config, { StopTimeout: null }),
      'Config.StopTimeout',
    ],
    [
      'its host name',
      'user-overrides-all',
      ({ Config }) => Object.assign(Config, { Hostname: 'x' }),
      'Config.Hostname',
    ],
    [
      'a published port',
      'plain-web',
      ({ HostConfig }) => delete HostConfig.PortBindings?.['80/tcp'],
      'HostConfig.PortBindings.80/tcp',
    ],
    [
      'the address of a published port',
      'plain-web',
      ({ HostConfig }) =>
        Object.assign(HostConfig.PortBindings ?? {}, { '443/tcp': [{ HostIp: '', HostPort: '18443' }] }),
      'HostConfig.PortBindings.443/tcp',
    ],
    ['a link', 'bridge-links', ({ HostConfig }) => HostConfig.Links?.pop(), 'HostConfig.Links'],
    ['a DNS server', 'bridge-links', ({ HostConfig }) => Object.assign(HostConfig, { Dns: [] }), 'HostConfig.Dns'],
    [
      'its privileges',
      'privileged',
      ({ HostConfig }) => Object.assign(HostConfig, { Privileged: false }),
      'HostConfig.Privileged',
    ],
    [
      'its process namespace',
      'container-network',
      ({ HostConfig }) => Object.assign(HostConfig, { PidMode: '' }),
      'HostConfig.PidMode',
    ],
    [
      'its network mode',
      'host-network',
      ({ HostConfig }) => Object.assign(HostConfig, { NetworkMode: 'default' }),
      'HostConfig.NetworkMode',
    ],
    [
      'the Compose label of its image',
      'compose',
      ({ Config }) => Object.assign(Config.Labels ?? {}, { 'com.docker.compose.image': 'sha256:old' }),
      'Config.Labels.com.docker.compose.image',
    ],
  ])('%s', (_what, shape, damage, path) => {
    expect(reported(shape, damage)).toContain(path);
  });

  it.each<[string, (actual: ContainerInspect) => void, string]>([
    ['a privilege', ({ HostConfig }) => Object.assign(HostConfig, { Privileged: true }), 'HostConfig.Privileged'],
    ['a bind', ({ HostConfig }) => Object.assign(HostConfig, { Binds: ['/:/host'] }), 'HostConfig.Binds./host'],
    [
      'a network',
      ({ NetworkSettings }) => Object.assign(NetworkSettings.Networks, { other: {} }),
      'NetworkSettings.Networks.other',
    ],
    ['a variable', ({ Config }) => Config.Env?.push('ADDED=1'), 'Config.Env.ADDED'],
    ['another image', (actual) => Object.assign(actual, { Image: 'sha256:other' }), 'Image'],
  ])('as is one that gained %s', (_what, damage, path) => {
    expect(reported('plain-web', damage)).toContain(path);
  });

  it('but what an engine fills in by itself is none', () => {
    const filledIn = reported('plain-web', ({ HostConfig, Config, NetworkSettings }) => {
      Object.assign(HostConfig, {
        NetworkMode: 'bridge',
        SomethingNew: 'its default',
        OomKillDisable: null,
        Links: [],
        Binds: [],
      });
      Object.assign(Config, { Shell: ['/bin/sh'], OnBuild: ['RUN x'] });
      Object.assign(NetworkSettings.Networks.bridge ?? {}, {
        MacAddress: '02:42:0a:00:00:02',
        IPAddress: '10.0.0.2',
        DNSNames: ['x'],
      });
    });
    expect(filledIn).toEqual([]);
  });
});

describe('a create call that forgot something is caught, though the engine did as it was told', () => {
  it.each<[string, string, (body: CreateBody) => void, string]>([
    ['a variable', 'user-overrides-all', (body) => delete body.Env, 'Config.Env.SECRET'],
    ['a label', 'user-overrides-all', (body) => delete body.Labels?.team, 'Config.Labels.team'],
    ['a bind', 'volumes', ({ HostConfig }) => HostConfig.Binds?.pop(), 'HostConfig.Binds./etc/conf'],
    ['a limit', 'limits', ({ HostConfig }) => delete HostConfig.Memory, 'HostConfig.Memory'],
    ['the host name', 'user-overrides-all', (body) => delete body.Hostname, 'Config.Hostname'],
    ['the MAC address', 'mac-address', (body) => delete body.MacAddress, 'Config.MacAddress'],
    [
      'a network',
      'two-networks',
      ({ NetworkingConfig }) => Object.assign(NetworkingConfig, { EndpointsConfig: {} }),
      'NetworkSettings.Networks.shop-front.Aliases.www',
    ],
  ])('%s', (_what, shape, forget, path) => {
    expect(forgotten(shape, forget)).toContain(path);
  });
});
