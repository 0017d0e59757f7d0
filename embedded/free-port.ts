import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { errorText } from './error-code.ts';

/** Below are the ports that people know by heart. */
const LOWEST_PORT = 15_000;
const HIGHEST_PORT = 65_535;
/** Fewer than these would soon be taken. */
const ENOUGH = 1_000;
/** Where the kernel takes ports for outgoing connections from, unless it says otherwise. */
const USUAL_EPHEMERAL_PORT = 32_768;
const TRIES = 20;
const ATTEMPTS = 5;
const TAKEN = /address already in use/i;

/** Whether nobody listens on that TCP port of 127.0.0.1 right now. */
export function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port }, () => probe.close(() => resolve(true)));
  });
}

/**
 * A TCP port of 127.0.0.1 that nobody listens on right now, and that no outgoing connection is given by the kernel: a
 * server that is started again must find it free. Another program may take it before it is used all the same.
 */
export async function freePort(): Promise<number> {
  const ephemeral = lowestEphemeralPort();
  const end = ephemeral - LOWEST_PORT >= ENOUGH ? ephemeral : HIGHEST_PORT + 1;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(LOWEST_PORT, end);
    if (await isFreePort(port)) return port;
  }
  throw new Error(`of ${TRIES} ports of 127.0.0.1 from ${LOWEST_PORT} to ${end - 1} none was free`);
}

function lowestEphemeralPort(): number {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
  } catch {
    // Not Linux, or hidden from us.
    return USUAL_EPHEMERAL_PORT;
  }
}

/**
 * Starts a server on free ports; where another program took one of them in that moment, again on others.
 * @throws Error of the start, where that was not why, or happened again and again
 */
export async function onFreePorts<Server>(start: (choose: () => Promise<number>) => Promise<Server>): Promise<Server> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(freePort);
    } catch (error) {
      if (attempt === ATTEMPTS || !TAKEN.test(errorText(error))) throw error;
    }
  }
}
