import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import type { ExecutionEnd } from './engine.ts';

/** A hung engine must not hang us. */
const QUICK_CALL_MS = 20_000;
/** Only the end of what it says is kept. */
const OUTPUT_BYTES = 16 * 1024;
/** The engine notes the exit code a moment after the streams have ended. */
const LAST_LOOK_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** Runs a program in a container through the engine's exec calls. */
export async function execute(
  docker: Docker,
  containerId: string,
  command: string[],
  timeoutMs: number,
): Promise<ExecutionEnd> {
  const deadline = Date.now() + timeoutMs;
  const exec = await docker.getContainer(containerId).exec({
    Cmd: command,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    abortSignal: AbortSignal.timeout(QUICK_CALL_MS),
  });
  const stream = await exec.start({ hijack: false, stdin: false });
  let tail = Buffer.alloc(0);
  const keepEnd = new Writable({
    write(chunk: Buffer, _encoding, done) {
      tail = Buffer.concat([tail, chunk]).subarray(-OUTPUT_BYTES);
      done();
    },
  });
  docker.modem.demuxStream(stream, keepEnd, keepEnd);
  const timer = setTimeout(() => stream.destroy(), timeoutMs);
  try {
    await finished(stream, { writable: false });
  } catch (error) {
    // Cut off by the time limit; the exit code below tells how it went.
    if (Date.now() < deadline) throw error;
  } finally {
    clearTimeout(timer);
  }
  const output = tail.toString('utf8');
  for (const giveUp = Math.min(deadline, Date.now() + LAST_LOOK_MS); ; ) {
    const { Running: running, ExitCode: exitCode } = await exec.inspect();
    if (!running) return { exitCode, output };
    if (Date.now() >= giveUp) return { exitCode: null, output };
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
