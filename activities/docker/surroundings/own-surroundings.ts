import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { ContainerInspect } from '../../../domain/engine-types.ts';
import { type OwnTraces, ownContainerIds } from '../../../domain/own-container-id.ts';
import { isLoopback, type OwnConnection, type OwnSurroundings, plainAddress } from '../../../domain/protected.ts';
import type { Engine } from '../engine/engine.ts';

/** Where this program is connected to, as it was configured. */
export interface OwnEndpoint {
  /** What is there, such as `its database`. */
  what: string;
  host: string;
  port: number;
}

/** Tells what this program knows of itself on an engine's host. */
export interface Surroundings {
  /** @throws TypedFailure `EngineUnavailable` */
  observe(): Promise<OwnSurroundings>;
}

export interface SurroundingsOptions {
  engine: Engine;
  /** The engine's address as in `DOCKER_HOST`. */
  dockerHost: string;
  endpoints: readonly OwnEndpoint[];
  /** What this process sees of the container that it may run in. */
  traces?: OwnTraces;
}

/** Addresses change when containers are recreated, but not within the seconds that a batch or an inventory takes. */
const KEPT_MS = 15_000;

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not on this operating system, or hidden: then it says nothing.
    return '';
  }
}

/** What this process sees of the container that it may run in. */
function readTraces(): OwnTraces {
  return {
    mountinfo: textOf('/proc/self/mountinfo'),
    cgroup: textOf('/proc/self/cgroup'),
    hostname: os.hostname(),
  };
}

async function addressesOf(host: string): Promise<string[]> {
  try {
    const found = await lookup(host.replace(/^\[|\]$/g, ''), { all: true });
    return found.map(({ address }) => plainAddress(address));
  } catch {
    // A name that nobody knows at present is still found by its alias in a network of ours.
    return [];
  }
}

function interfaceAddresses(): string[] {
  return Object.values(os.networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).map(({ address }) => plainAddress(address)),
  );
}

/**
 * Addresses at which published ports of the engine's machine are reached. An engine behind an address that isn't this
 * machine's is elsewhere, and only that address leads there. In a container, loopback and the interfaces are its own.
 */
async function machineAddresses(dockerHost: string, own: ContainerInspect | null): Promise<string[]> {
  const url = new URL(dockerHost);
  const here =
    own === null || own.HostConfig.NetworkMode === 'host' ? ['127.0.0.1', '::1', ...interfaceAddresses()] : [];
  if (url.protocol === 'unix:') return here;
  const engineAddresses = await addressesOf(url.hostname);
  return engineAddresses.some((address) => isLoopback(address) || here.includes(address)) ? here : engineAddresses;
}

async function findOwnContainer(engine: Engine, ids: readonly string[]): Promise<ContainerInspect | null> {
  for (const id of ids) {
    const container = await engine.inspectContainer(id);
    // A name can look like an id; only an id of this engine proves anything.
    if (container?.Id.startsWith(id)) return container;
  }
  return null;
}

/** Observes anew when it is asked after some seconds: containers that are recreated get other addresses. */
export function createSurroundings(options: SurroundingsOptions): Surroundings {
  const ids = ownContainerIds(options.traces ?? readTraces());

  async function look(): Promise<OwnSurroundings> {
    const container = await findOwnContainer(options.engine, ids);
    const [machine, connections] = await Promise.all([
      machineAddresses(options.dockerHost, container),
      Promise.all(
        options.endpoints.map(
          async (endpoint): Promise<OwnConnection> => ({ ...endpoint, addresses: await addressesOf(endpoint.host) }),
        ),
      ),
    ]);
    return { container, connections, machineAddresses: machine };
  }

  let kept: { at: number; seen: Promise<OwnSurroundings> } | null = null;
  return {
    observe() {
      if (kept !== null && Date.now() - kept.at < KEPT_MS) return kept.seen;
      const looking = { at: Date.now(), seen: look() };
      kept = looking;
      looking.seen.catch(() => {
        if (kept === looking) kept = null;
      });
      return looking.seen;
    },
  };
}
