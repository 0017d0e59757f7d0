import { describe, expect, it } from '@jest/globals';
import { ownEndpoints } from '../../cli/program/own-endpoints.ts';
import type { ContainerInspect, EndpointSettings } from '../../domain/engine-types.ts';
import { type OwnConnection, type OwnSurroundings, plainAddress, protectedAs } from '../../domain/protected.ts';
import { fixture } from './create-options/fixture.ts';

interface Shape {
  name?: string;
  id?: string;
  image?: string;
  mode?: string;
  networks?: Record<string, Partial<EndpointSettings> & { Gateway?: string }>;
  /** As in NetworkSettings: container port to address and port of the machine. */
  ports?: Record<string, Array<{ HostIp: string; HostPort: string }> | null>;
  /** The same as it was asked for: all that a stopped container has. */
  bindings?: Record<string, Array<{ HostIp?: string; HostPort?: string }>>;
  exposed?: string[];
  labels?: Record<string, string>;
}

function container(shape: Shape = {}): ContainerInspect {
  const { container: real } = fixture('plain-web');
  return {
    ...real,
    Id: shape.id ?? 'b'.repeat(64),
    Name: `/${shape.name ?? 'db'}`,
    Image: shape.image ?? real.Image,
    HostConfig: { ...real.HostConfig, NetworkMode: shape.mode ?? 'default', PortBindings: shape.bindings ?? {} },
    Config: {
      ...real.Config,
      Labels: shape.labels ?? {},
      ExposedPorts: Object.fromEntries((shape.exposed ?? []).map((port) => [port, {}])),
    },
    NetworkSettings: {
      Networks: (shape.networks ?? { bridge: { IPAddress: '172.17.0.9', Gateway: '172.17.0.1' } }) as never,
      Ports: shape.ports ?? {},
    },
  };
}

const MACHINE = ['127.0.0.1', '::1', '192.168.1.5', '172.17.0.1'];

function connection(host: string, addresses: string[], port = 5432): OwnConnection {
  return { what: 'its database', host, port, addresses };
}

function own(more: Partial<OwnSurroundings> = {}): OwnSurroundings {
  return { container: null, connections: [], machineAddresses: MACHINE, ...more };
}

/** Whether the container is protected when the program on the bare machine has that connection. */
function isReached(shape: Shape, to: OwnConnection, more: Partial<OwnSurroundings> = {}): boolean {
  return protectedAs(container(shape), own({ connections: [to], ...more })) !== null;
}

const published = (HostIp: string, HostPort = '5432'): Shape => ({ ports: { '5432/tcp': [{ HostIp, HostPort }] } });
const toLoopback = connection('localhost', ['::1', '127.0.0.1']);

describe('a container at the other end of a connection of ours', () => {
  it('is protected, with what it is and why', () => {
    expect(protectedAs(container(published('0.0.0.0')), own({ connections: [toLoopback] }))).toBe(
      'db is protected, also from --force: this program reaches its database through it (localhost:5432), and could not finish an update without it. Update it by hand while this program is stopped.',
    );
  });

  it.each<[string, Shape, OwnConnection]>([
    ['by its own address', {}, connection('172.17.0.9', ['172.17.0.9'])],
    [
      'by its IPv6 address',
      { networks: { six: { GlobalIPv6Address: 'fd00::9' } } },
      connection('[fd00::9]', ['fd00::9']),
    ],
    ['by a port published on all addresses', published('0.0.0.0'), toLoopback],
    ['by a port published on all IPv6 addresses', published('::'), connection('::1', ['::1'])],
    ['by a port published on loopback only', published('127.0.0.1'), toLoopback],
    ['by an address of the machine', published('0.0.0.0'), connection('nas', ['192.168.1.5'])],
    ['by a port published on that address', published('192.168.1.5'), connection('nas', ['192.168.1.5'])],
    ['by the gateway of its network', published(''), connection('172.17.0.1', ['172.17.0.1'])],
    ['while it is stopped', { bindings: { '5432/tcp': [{ HostPort: '5432' }] } }, toLoopback],
    ['in the network of the machine', { mode: 'host', networks: { host: {} }, exposed: ['5432/tcp'] }, toLoopback],
  ])('is known %s', (_how, shape, to) => expect(isReached(shape, to)).toBe(true));

  it.each<[string, Shape, OwnConnection]>([
    ['another address', {}, connection('172.17.0.8', ['172.17.0.8'])],
    ['another port of the machine', published('0.0.0.0', '5433'), toLoopback],
    ['the same port on another address of it', published('192.168.1.6'), connection('nas', ['192.168.1.5'])],
    ['loopback where it is published elsewhere', published('192.168.1.5'), toLoopback],
    ['another machine', published('0.0.0.0'), connection('elsewhere', ['192.168.1.77'])],
    ['a port of another protocol', { ports: { '5432/udp': [{ HostIp: '', HostPort: '5432' }] } }, toLoopback],
    ['a port that it doesn’t expose', { mode: 'host', networks: { host: {} }, exposed: ['80/tcp'] }, toLoopback],
    ['a name that nobody knows', published('0.0.0.0'), connection('db', [])],
    ['a port that is not published', { ports: { '5432/tcp': null } }, toLoopback],
  ])('is not taken for %s', (_what, shape, to) => expect(isReached(shape, to)).toBe(false));

  it('is not a container of another machine that happens to have the same address or port', () => {
    const far = { machineAddresses: ['192.168.1.77'] };
    expect(isReached({}, connection('172.17.0.9', ['172.17.0.9']), far)).toBe(false);
    expect(isReached(published('0.0.0.0'), toLoopback, far)).toBe(false);
    expect(isReached(published('127.0.0.1'), toLoopback, far)).toBe(false);
    expect(isReached(published('0.0.0.0'), connection('nas', ['192.168.1.77']), far)).toBe(true);
  });
});

describe('seen from within a container', () => {
  const inside = container({ id: 'a'.repeat(64), name: 'docker-auto', networks: { stack: { Aliases: ['app'] } } });
  const within = { container: inside, machineAddresses: [] };

  it('the container itself is protected', () => {
    expect(protectedAs(inside, own(within))).toContain(
      'docker-auto is protected, also from --force: this program itself',
    );
  });

  it('so is one that is reached by its address, or by its name in a network of both while it doesn’t run', () => {
    const shape = { networks: { stack: { IPAddress: '172.18.0.3', Aliases: ['postgres'] } } };
    const stopped = { networks: { stack: { IPAddress: '', Aliases: ['postgres'] } } };
    expect(isReached(shape, connection('postgres', ['172.18.0.3']), within)).toBe(true);
    expect(isReached(stopped, connection('postgres', []), within)).toBe(true);
    expect(isReached({ ...stopped, name: 'other-db' }, connection('other-db', []), within)).toBe(true);
    expect(isReached({ networks: { elsewhere: { Aliases: ['postgres'] } } }, connection('postgres', []), within)).toBe(
      false,
    );
  });

  it('loopback is its own, and that of its neighbours in its network', () => {
    expect(isReached(published('0.0.0.0'), toLoopback, within)).toBe(false);
    const joined = { mode: `container:${inside.Id}`, networks: {}, exposed: ['5432/tcp'] };
    expect(isReached(joined, toLoopback, within)).toBe(true);
    expect(isReached({ ...joined, exposed: [] }, toLoopback, within)).toBe(false);
  });

  it('whoever lends it the network is protected', () => {
    const guest = container({ id: 'a'.repeat(64), mode: `container:${'b'.repeat(64)}`, networks: {} });
    expect(protectedAs(container(), own({ container: guest }))).toContain('lends its network');
  });

  it('further containers of its image are protected, but not others of a general image', () => {
    const titled = { 'org.opencontainers.image.title': 'Docker-Auto' };
    const program = { ...within, container: container({ id: 'a'.repeat(64), image: 'sha256:1', labels: titled }) };
    const agent = { id: 'c'.repeat(64), name: 'agent', image: 'sha256:1', labels: titled };
    expect(protectedAs(container(agent), own(program))).toContain('another part of it');
    expect(protectedAs(container({ ...agent, labels: {} }), own(program))).toBeNull();
    expect(protectedAs(container({ ...agent, image: 'sha256:2' }), own(program))).toBeNull();
  });
});

describe('what this program is connected to', () => {
  const nothing = { databaseUrl: null, temporalAddress: null };

  it('is what is configured, with the usual ports; what is embedded is its own', () => {
    expect(ownEndpoints(nothing, 'unix:///var/run/docker.sock')).toEqual([]);
    const configured = { databaseUrl: 'postgresql://me:secret@db/app', temporalAddress: 'temporal:7234' };
    expect(ownEndpoints(configured, 'tcp://socket-proxy')).toEqual([
      { what: 'its database', host: 'db', port: 5432 },
      { what: 'its workflow server', host: 'temporal', port: 7234 },
      { what: 'the Docker engine', host: 'socket-proxy', port: 2375 },
    ]);
    expect(ownEndpoints({ ...nothing, databaseUrl: 'postgresql:///app?host=/run/postgresql' }, 'unix:///x')).toEqual(
      [],
    );
  });

  it.each([
    ['[::1]', '::1'],
    ['FE80::1%eth0', 'fe80::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['10.0.0.1', '10.0.0.1'],
  ])('address %s is %s', (written, plain) => expect(plainAddress(written)).toBe(plain));
});
