import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePort, isFreePort, onFreePorts } from '../../embedded/free-port.ts';

function listening(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, () => resolve(server));
  });
}

const closed = (server: Server) => new Promise((resolve) => server.close(resolve));

describe('a free port', () => {
  it('is one that the kernel gives to no outgoing connection', async () => {
    const lowest = Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));
    expect(ports.filter((port) => port < 15_000 || port >= lowest)).toEqual([]);
    expect(new Set(ports).size).toBeGreaterThan(40);
  });

  it('is told from one that is taken', async () => {
    const port = await freePort();
    const server = await listening(port);
    expect(await isFreePort(port)).toBe(false);
    await closed(server);
    expect(await isFreePort(port)).toBe(true);
  });
});

describe('a server whose port was taken in the moment of its start', () => {
  it('is started on another one', async () => {
    const taken = await listening(await freePort());
    const chosen: number[] = [];

    try {
      const server = await onFreePorts(async (choose) => {
        const address = taken.address() as { port: number };
        chosen.push(chosen.length === 0 ? address.port : await choose());
        return listening(chosen.at(-1) ?? 0);
      });
      await closed(server);
    } finally {
      await closed(taken);
    }

    expect(chosen).toHaveLength(2);
  });

  it('is given up when that happens again and again, and at once when it fails otherwise', async () => {
    let starts = 0;
    const failing = (message: string) => () => {
      starts += 1;
      return Promise.reject(new Error(message));
    };
    await expect(onFreePorts(failing('bind: address already in use'))).rejects.toThrow('already in use');
    expect(starts).toBe(5);
    await expect(onFreePorts(failing('no such file'))).rejects.toThrow('no such file');
    expect(starts).toBe(6);
  });
});
