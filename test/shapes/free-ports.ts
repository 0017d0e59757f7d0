import { createServer } from 'node:net';
import { freePort } from '../../embedded/free-port.ts';

const given = new Set<number>();

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port }, () => probe.close(() => resolve(true)));
  });
}

/** That many TCP ports of this machine in a row, none of them given out before. @returns the first */
export async function freePortsInARow(count: number): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const first = await freePort();
    const row = Array.from({ length: count }, (_, index) => first + index);
    if (row.some((port) => given.has(port))) continue;
    const free = await Promise.all(row.map(isFree));
    if (free.includes(false)) continue;
    for (const port of row) given.add(port);
    return first;
  }
  throw new Error(`there are no ${count} free ports in a row on this machine`);
}
