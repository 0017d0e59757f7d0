import { createServer } from 'node:net';

/**
 * A TCP port of 127.0.0.1 that nobody listens on right now. Another program may take it before it is used, so callers
 * start their server at once and report a failed start.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string')
          reject(new Error('the kernel gave no free port on 127.0.0.1'));
        else resolve(address.port);
      });
    });
  });
}
