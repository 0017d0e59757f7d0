import type Docker from 'dockerode';
import { demultiplexLog } from './demultiplex-log.ts';
import type { ExecutionEnd } from './engine.ts';

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
  const exec = await docker
    .getContainer(containerId)
    .exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: false });
  const stream = await exec.start({ hijack: false, stdin: false });
  const chunks: Buffer[] = [];
  const timer = setTimeout(() => stream.destroy(), timeoutMs);
  try {
    for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  } catch (error) {
    // Cut off by the time limit; the exit code below tells how it went.
    if (Date.now() < deadline) throw error;
  } finally {
    clearTimeout(timer);
  }
  const output = demultiplexLog(Buffer.concat(chunks)).slice(-OUTPUT_BYTES);
  for (const giveUp = Math.min(deadline, Date.now() + LAST_LOOK_MS); ; ) {
    const { Running: running, ExitCode: exitCode } = await exec.inspect();
    if (!running) return { exitCode, output };
    if (Date.now() >= giveUp) return { exitCode: null, output };
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
