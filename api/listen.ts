import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

export interface RunningApi {
  /** As a client on this machine reaches it. */
  url: string;
  /** Takes no more requests, lets those that run end, and cuts off what is left after 10 s. */
  stop(): Promise<void>;
}

const DRAIN_MS = 10_000;
/** Kept-alive connections fall idle only after the answer that was still being written. */
const IDLE_SWEEP_MS = 50;

/**
 * Serves the app. Port 0 takes a free one.
 * @throws Error naming host and port when they can't be listened on.
 */
export async function startApi({ app, host, port }: { app: Express; host: string; port: number }): Promise<RunningApi> {
  const server = createServer(app);
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The API can't listen on ${host} port ${port}: ${why}. Choose another with PORT and HOST.`, {
      cause,
    });
  }
  const bound = server.address() as AddressInfo;
  let stopped: Promise<void> | null = null;
  return { url: `http://${reachableName(host)}:${bound.port}`, stop: () => (stopped ??= drain()) };

  async function drain(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
    const cutOff = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    try {
      await closed;
    } finally {
      clearInterval(sweep);
      clearTimeout(cutOff);
    }
  }
}

function reachableName(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
