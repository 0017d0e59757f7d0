import type { GlobalOptions } from './arguments.ts';
import type { Configuration, LoadedConfiguration } from './configuration.ts';

/** What a command has to do with the outside: its options, where it writes, and how it learns of Ctrl-C. */
export interface Shell {
  options: GlobalOptions;
  loaded: LoadedConfiguration;
  /** The result: tables for people, or one JSON document. */
  stdout: NodeJS.WriteStream;
  /** Notices and progress when standard output must stay machine-readable. */
  stderr: NodeJS.WriteStream;
  /** Aborted by the first SIGINT, SIGTERM, SIGHUP, or when the process that started this one is gone. */
  interrupted: AbortSignal;
}

/** Prints a command's result: as it is for people, or `value` as JSON with `--json`. */
export function printResult({ options, stdout }: Shell, forPeople: string, value: unknown): void {
  stdout.write(`${options.json ? JSON.stringify(value, null, 2) : forPeople}\n`);
}

/** Columns of the terminal that results go to, or undefined when they don't go to one or it has no size (0). */
export function terminalWidth({ stdout }: Shell): number | undefined {
  return stdout.isTTY ? stdout.columns || undefined : undefined;
}

/**
 * The configuration for a program that a person watches, where log lines would stand between them and the result.
 * LOG_LEVEL asks for them nevertheless.
 */
export function quietConfiguration({ loaded }: Shell, logLevel: 'warn' | 'silent'): Configuration {
  const asked = loaded.settings.some(({ key, origin }) => key === 'LOG_LEVEL' && origin !== 'default');
  return asked ? loaded.configuration : { ...loaded.configuration, logLevel };
}
