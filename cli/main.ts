import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { type Commands, commandLine, type GlobalOptions } from './arguments.ts';
import { loadConfiguration } from './configuration.ts';
import { explainError } from './explain-error.ts';
import { Interrupted, watchInterruption } from './interruption.ts';
import { EXIT_FAILED, EXIT_INTERRUPTED } from './output/exit-codes.ts';
import type { Shell } from './shell.ts';

const interrupted = watchInterruption();

function openShell(options: GlobalOptions): Shell {
  const loaded = loadConfiguration({
    flags: options.flags,
    env: process.env,
    readFile,
    configPath: options.configPath,
  });
  const { timeZone } = loaded.configuration;
  if (timeZone !== null) process.env.TZ = timeZone;
  return { options, loaded, stdout: process.stdout, stderr: process.stderr, interrupted };
}

function readFile(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

// Each command is loaded when it is asked for: `ps` must not wait for what only `serve` needs.
const commands: Commands = {
  serve: async (options) => (await import('./commands/serve.ts')).serve(openShell(options)),
  once: async (options, names, how) => (await import('./commands/once.ts')).once(openShell(options), names, how),
  check: async (options, names) => (await import('./commands/check.ts')).check(openShell(options), names),
  plan: async (options, name, how) => (await import('./commands/plan.ts')).plan(openShell(options), name, how),
  update: async (options, names, how) => (await import('./commands/update.ts')).update(openShell(options), names, how),
  rollback: async (options, nameOrId, how) =>
    (await import('./commands/rollback.ts')).rollback(openShell(options), nameOrId, how),
  ps: async (options) => (await import('./commands/ps.ts')).ps(openShell(options)),
  history: async (options, name) => (await import('./commands/history.ts')).history(openShell(options), name),
  doctor: async (options) => (await import('./commands/doctor.ts')).doctor(openShell(options)),
  demo: async (options) => (await import('./commands/demo.ts')).demo(openShell(options)),
  config: async (options) => (await import('./commands/config.ts')).config(openShell(options)),
};

async function main(): Promise<number> {
  let exitCode = EXIT_FAILED;
  try {
    await commandLine(commands, (code) => {
      exitCode = code;
    }).parseAsync();
    return exitCode;
  } catch (error) {
    // Commander has said its own message already.
    if (error instanceof CommanderError) return error.exitCode;
    if (error instanceof Interrupted) return EXIT_INTERRUPTED;
    process.stderr.write(`${explainError(error, process.env.LOG_LEVEL === 'debug')}\n`);
    return EXIT_FAILED;
  }
}

// Ends at once: a connection kept open for reuse must not hold a finished command back.
process.exit(await main());
