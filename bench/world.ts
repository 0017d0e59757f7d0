import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type ProgramProcess, type ProgramProcessOptions, startProgramProcess } from '../test/rig/program-process.ts';
import { type Sandbox, startSandbox } from '../test/rig/sandbox.ts';

/** Runs a bench on an engine, a registry and a program of its own, and removes them afterwards. */
export async function inWorld(
  run: (sandbox: Sandbox, program: ProgramProcess, dataDirectory: string) => Promise<void>,
  options: Pick<ProgramProcessOptions, 'script' | 'env'> = {},
): Promise<void> {
  const sandbox = await startSandbox('bench');
  const dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-bench-'));
  let program: ProgramProcess | null = null;
  try {
    program = await startProgramProcess({ dataDirectory, dockerHost: sandbox.dockerHost, ...options });
    await run(sandbox, program, dataDirectory);
  } finally {
    await program?.stop();
    await sandbox.destroy();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}
