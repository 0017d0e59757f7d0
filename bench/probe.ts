import { connect } from 'node:net';

/**
 * Asks a port of this machine every 2 ms, in a process of its own, and tells its parent the longest time that it went
 * without an answer. Sent `stop`, it answers with milliseconds and ends.
 */
const port = Number(process.argv[2]);
const EVERY_MS = 2;
const PATIENCE_MS = 200;

function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(PATIENCE_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('data', () => end(true));
    socket.write('GET / HTTP/1.0\r\n\r\n');
  });
}

let last = performance.now();
let longest = 0;
let going = true;
process.on('message', () => {
  going = false;
});
process.send?.('ready');
// Goes on until the port has answered once more after it was told to stop, so that no gap is left open.
for (let closed = false; !closed; ) {
  const asked = performance.now();
  const finishing = !going;
  if (await answers()) {
    longest = Math.max(longest, asked - last);
    last = asked;
    closed = finishing;
  }
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, EVERY_MS - (performance.now() - asked))));
}
process.send?.(longest, () => process.exit(0));
