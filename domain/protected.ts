import type { ContainerInspect } from './engine-types.ts';

/** Something that this program is connected to. */
export interface OwnConnection {
  /** What is there, such as `its database`. */
  what: string;
  /** As it was configured: a name or an address. */
  host: string;
  port: number;
  /** What the name means at present; empty when nobody knows it. */
  addresses: readonly string[];
}

/** What this program, on the host of an engine, knows of itself. */
export interface OwnSurroundings {
  /** The container of that engine that it runs in, or null. */
  container: ContainerInspect | null;
  connections: readonly OwnConnection[];
  /** Addresses at which this program reaches the ports that the engine publishes on its machine. */
  machineAddresses: readonly string[];
}

/** On the image of this program, so that its other containers are known; label of the Open Container Initiative. */
const TITLE_LABEL = 'org.opencontainers.image.title';
const TITLE = 'docker-auto';
const ANY_ADDRESS = new Set(['', '0.0.0.0', '::']);

/** One way to write an address: without brackets and zone, and IPv4 as itself. */
export function plainAddress(address: string): string {
  return address
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.)/, '');
}

/** Whether it leads to where it is asked from. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** Whether this program's own loopback is that of the engine's machine. */
function isNear(own: OwnSurroundings): boolean {
  return own.machineAddresses.some(isLoopback);
}

function networksOf(container: ContainerInspect) {
  return Object.entries(container.NetworkSettings.Networks).map(([name, endpoint]) => ({ name, endpoint }));
}

function endpointAddresses(container: ContainerInspect, ...fields: string[]): string[] {
  return networksOf(container)
    .flatMap(({ endpoint }) => fields.map((field) => endpoint[field]))
    .flatMap((address) => (typeof address === 'string' && address !== '' ? [plainAddress(address)] : []));
}

/** Where it publishes ports on the machine: those in force, and, of a stopped one, those it will have. */
function publications(container: ContainerInspect): Array<{ address: string; port: number }> {
  const ports = [container.NetworkSettings.Ports, container.HostConfig.PortBindings].flatMap((map) =>
    Object.entries((map ?? {}) as Record<string, Array<{ HostIp?: string; HostPort?: string }> | null>),
  );
  return ports
    .filter(([port]) => !port.includes('/') || port.endsWith('/tcp'))
    .flatMap(([, bindings]) => bindings ?? [])
    .map(({ HostIp = '', HostPort = '' }) => ({ address: plainAddress(HostIp), port: Number(HostPort) }));
}

function exposes(container: ContainerInspect, port: number): boolean {
  const ports = Object.keys(container.Config.ExposedPorts ?? {});
  return ports.some((exposed) => exposed === `${port}` || exposed === `${port}/tcp`);
}

/** Through a published port of the machine, or directly where it has the machine's own network. */
function isReachedByMachine(container: ContainerInspect, { addresses, port }: OwnConnection, own: OwnSurroundings) {
  const machine = new Set([...own.machineAddresses, ...endpointAddresses(container, 'Gateway', 'IPv6Gateway')]);
  const onMachine = (address: string) => (isLoopback(address) ? isNear(own) : machine.has(address));
  if (container.HostConfig.NetworkMode === 'host') return addresses.some(onMachine) && exposes(container, port);
  return publications(container).some((published) => {
    if (published.port !== port) return false;
    if (ANY_ADDRESS.has(published.address)) return addresses.some(onMachine);
    return addresses.includes(published.address) && (!isLoopback(published.address) || isNear(own));
  });
}

/** In a network of both, names are told apart by the engine's own name server, also while it doesn't run. */
function isReachedByName(container: ContainerInspect, { host }: OwnConnection, own: ContainerInspect): boolean {
  const shared = new Set(networksOf(own).map(({ name }) => name));
  return networksOf(container).some(
    ({ name, endpoint }) =>
      name !== 'bridge' && shared.has(name) && [container.Name.slice(1), ...(endpoint.Aliases ?? [])].includes(host),
  );
}

function isReachedBy(connection: OwnConnection, container: ContainerInspect, own: OwnSurroundings): boolean {
  // Containers' addresses lead nowhere from another machine; the same one is somebody else's there.
  const reachable = own.container !== null || isNear(own);
  const addresses = reachable ? endpointAddresses(container, 'IPAddress', 'GlobalIPv6Address') : [];
  if (connection.addresses.some((address) => addresses.includes(address))) return true;
  if (isReachedByMachine(container, connection, own)) return true;
  if (own.container === null) return false;
  if (isReachedByName(container, connection, own.container)) return true;
  // A neighbour in our own network is reached by loopback.
  const joined = container.HostConfig.NetworkMode === `container:${own.container.Id}`;
  return joined && connection.addresses.some(isLoopback) && exposes(container, connection.port);
}

function isOwnImage(container: ContainerInspect, own: ContainerInspect): boolean {
  const title = container.Config.Labels?.[TITLE_LABEL]?.toLowerCase();
  return container.Image === own.Image && title === TITLE;
}

function whyProtected(container: ContainerInspect, own: OwnSurroundings): string | null {
  if (own.container !== null) {
    if (container.Id === own.container.Id) return 'this program itself runs in it, and would be stopped in the middle';
    if (own.container.HostConfig.NetworkMode === `container:${container.Id}`)
      return 'it lends its network to the container that this program runs in';
    // An agent or a second worker. A label alone could be anybody's, and an image alone a general one such as node's.
    if (isOwnImage(container, own.container)) return 'it runs this program’s own image, so it is another part of it';
  }
  const connection = own.connections.find((candidate) => isReachedBy(candidate, container, own));
  if (connection === undefined) return null;
  return `this program reaches ${connection.what} through it (${connection.host}:${connection.port}), and could not finish an update without it`;
}

/**
 * Why a container must not be touched by this program, in a sentence for people, or null when it may. Decided by what is
 * observed, never by names that could be anybody's: the program's own container, what is at the other end of its
 * connections, and further containers of its own image.
 */
export function protectedAs(container: ContainerInspect, own: OwnSurroundings): string | null {
  const why = whyProtected(container, own);
  if (why === null) return null;
  return `${container.Name.slice(1)} is protected, also from --force: ${why}. Update it by hand while this program is stopped.`;
}
