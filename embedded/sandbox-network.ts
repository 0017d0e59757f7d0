import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { errorCode, errorText } from './error-code.ts';
import { findSystemProgram } from './find-executable.ts';
import { runCommand } from './run-command.ts';
import type { SandboxLayout } from './sandbox-layout.ts';

export interface SandboxNetwork {
  /** The /16 from which all networks of the sandbox come, such as `10.77.0.0/16`. */
  pool: string;
  /** The default bridge's own address with its mask, such as `10.77.0.1/24`. */
  bridgeAddress: string;
}

/**
 * Makes the sandbox's default bridge with a subnet that nothing on this machine uses. The choice is kept, for the
 * engine remembers the subnets of its networks.
 * @throws Error when the machine doesn't allow it, or all private subnets are taken.
 */
export async function createSandboxBridge(layout: SandboxLayout): Promise<SandboxNetwork> {
  const taken = await takenSubnets();
  const pool = poolCandidates(layout).find((candidate) => !taken.some((subnet) => overlap(candidate, subnet)));
  if (pool === undefined) {
    throw new Error('sandbox engine: every private subnet is in use on this machine; free a /16 of 10.0.0.0/8');
  }
  const network = { pool, bridgeAddress: pool.replace('.0.0/16', '.0.1/24') };
  writeFileSync(layout.networkFile, `${JSON.stringify(network)}\n`);
  try {
    await ip(['link', 'add', 'name', layout.bridge, 'type', 'bridge']);
    await ip(['address', 'add', network.bridgeAddress, 'dev', layout.bridge]);
    await ip(['link', 'set', layout.bridge, 'up']);
    askNeighboursOften(layout.bridge);
  } catch (error) {
    throw new Error(
      `sandbox engine: bridge ${layout.bridge} can't be made (root in a full network namespace is needed): ${errorText(error)}`,
    );
  }
  return network;
}

/**
 * Whoever asks for a container that is just starting asks for its hardware address too early, and the kernel asks again
 * only a second later. On our own bridge it asks sooner; a machine that doesn't let us stays with its second.
 */
function askNeighboursOften(bridge: string): void {
  try {
    writeFileSync(`/proc/sys/net/ipv4/neigh/${bridge}/retrans_time_ms`, '20');
  } catch (error) {
    if (!['EACCES', 'EROFS', 'ENOENT', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
  }
}

/** Removes the sandbox's bridges: its default one, those of the networks in its own records, and those named here. */
export async function removeSandboxBridges(layout: SandboxLayout, others: string[] = []): Promise<void> {
  const ours = new Set([layout.bridge, ...recordedBridges(layout), ...others]);
  for (const name of await linkNames()) {
    if (ours.has(name)) await ip(['link', 'delete', name]);
  }
}

/**
 * Bridges of networks that the engine made. Its database also holds pages of removed networks, which does no harm:
 * such a name carries 48 random bits of this engine's, so a link that has it is this engine's.
 */
function recordedBridges(layout: SandboxLayout): string[] {
  if (!existsSync(layout.networkDatabase)) return [];
  return readFileSync(layout.networkDatabase, 'latin1').match(/\bbr-[0-9a-f]{12}\b/g) ?? [];
}

function poolCandidates(layout: SandboxLayout): string[] {
  const start = Number.parseInt(layout.bridge.slice(-4), 16);
  const tens = Array.from({ length: 254 }, (_, index) => `10.${((start + index) % 254) + 1}.0.0/16`);
  const others = Array.from({ length: 16 }, (_, index) => `172.${31 - index}.0.0/16`);
  const kept = keptPool(layout);
  return [...(kept === null ? [] : [kept]), ...tens, ...others, '198.18.0.0/16', '198.19.0.0/16'];
}

function keptPool(layout: SandboxLayout): string | null {
  if (!existsSync(layout.networkFile)) return null;
  return /"pool":"(\d+\.\d+\.0\.0\/16)"/.exec(readFileSync(layout.networkFile, 'utf8'))?.[1] ?? null;
}

async function takenSubnets(): Promise<string[]> {
  const routes = await ip(['-4', 'route', 'show', 'table', 'all']);
  const addresses = await ip(['-4', '-oneline', 'address', 'show']);
  return `${routes}\n${addresses}`.match(/\b\d+\.\d+\.\d+\.\d+(\/\d+)?\b/g) ?? [];
}

async function linkNames(): Promise<string[]> {
  const lines = (await ip(['-oneline', 'link', 'show'])).split('\n');
  return lines.map((line) => /^\d+: ([^:@\s]+)/.exec(line)?.[1] ?? '').filter(Boolean);
}

function overlap(one: string, other: string): boolean {
  const [first, second] = [parseSubnet(one), parseSubnet(other)];
  // A default route covers everything and forbids nothing.
  if (first.bits === 0 || second.bits === 0) return false;
  const shift = 32 - Math.min(first.bits, second.bits);
  return first.address >>> shift === second.address >>> shift;
}

function parseSubnet(text: string): { address: number; bits: number } {
  const [address = '', bits = '32'] = text.split('/');
  return { address: address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0), bits: Number(bits) };
}

async function ip(args: string[]): Promise<string> {
  const program = findSystemProgram('ip');
  if (program === null) throw new Error('sandbox engine: program ip is missing; install iproute2');
  return runCommand(program, args);
}
