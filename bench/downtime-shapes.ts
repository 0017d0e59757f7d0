import type Docker from 'dockerode';

/** A kind of container whose downtime is its own question. */
export interface Shape {
  name: string;
  /** Asked from outside at its port, or by its alias from a neighbour in its network. */
  probedBy: 'port' | 'alias';
  /** Whether what is probed hangs on the container that is updated, in whose network it lives. */
  dependent: boolean;
  /** How a container of it is made; `port` is its port on this machine. */
  options(of: { name: string; port: number; network: string }): Docker.ContainerCreateOptions;
}

const published = (port: number): Docker.HostConfig => ({
  PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
});
const EXPOSED = { ExposedPorts: { '80/tcp': {} } };

export const SHAPES: readonly Shape[] = [
  {
    name: 'published port',
    probedBy: 'port',
    dependent: false,
    options: ({ port }) => ({ ...EXPOSED, HostConfig: published(port) }),
  },
  {
    name: 'user-defined network, by alias',
    probedBy: 'alias',
    dependent: false,
    options: ({ name, network }) => ({
      HostConfig: { NetworkMode: network },
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [`${name}-alias`] } } },
    }),
  },
  {
    name: 'with a health check',
    probedBy: 'port',
    dependent: false,
    options: ({ port }) => ({
      ...EXPOSED,
      HostConfig: published(port),
      Healthcheck: {
        Test: ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1/'],
        Interval: 1_000_000_000,
        Timeout: 1_000_000_000,
      },
    }),
  },
  {
    name: 'with a volume',
    probedBy: 'port',
    dependent: false,
    options: ({ name, port }) => ({ ...EXPOSED, HostConfig: { ...published(port), Binds: [`${name}-data:/data`] } }),
  },
  {
    name: 'host network',
    probedBy: 'port',
    dependent: false,
    options: ({ port }) => ({
      Cmd: ['httpd', '-f', '-p', `127.0.0.1:${port}`, '-h', '/www'],
      HostConfig: { NetworkMode: 'host' },
    }),
  },
  {
    name: 'dependent in its network',
    probedBy: 'port',
    dependent: true,
    // The one that is updated serves nothing itself: its dependent has the port.
    options: ({ port }) => ({ ...EXPOSED, Cmd: ['sleep', '1000000'], HostConfig: published(port) }),
  },
];
