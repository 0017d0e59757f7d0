import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../embedded/run-command.ts';

/** Every `docker` command line of this machine; packages and people put them in different folders. */
export function findDockers(): string[] {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/local/bin', '/usr/bin'];
  const files = folders.map((folder) => path.join(folder, 'docker')).filter((file) => existsSync(file));
  return [...new Set(files.map((file) => realpathSync(file)))];
}

/**
 * The command line of the engine's own version where there is one: newer ones refuse options of old engines, such as
 * `--mac-address`.
 */
async function chooseDocker(engineVersion: string): Promise<string> {
  const dockers = findDockers();
  for (const docker of dockers)
    if ((await runCommand(docker, ['--version'])).includes(` ${engineVersion},`)) return docker;
  const [first] = dockers;
  if (first === undefined)
    throw new Error('docker is missing on this machine; Debian has it in docker.io or docker-cli');
  return first;
}

export interface DockerCli {
  /** Runs `docker` to its end. @returns what it printed */
  run(args: string[]): Promise<string>;
  /** Starts `docker` in the foreground. @returns ends it, as if its terminal were gone */
  attach(args: string[]): () => Promise<void>;
}

/**
 * A real `docker` of this machine, against one engine.
 * @param settings folder for its own files, in place of the user's
 */
export async function openDockerCli(dockerHost: string, engineVersion: string, settings: string): Promise<DockerCli> {
  const docker = await chooseDocker(engineVersion);
  const env = { PATH: process.env.PATH, HOME: settings, DOCKER_CONFIG: settings, FROM_SHELL: 'of the shell' };
  const withHost = (args: string[]) => ['--host', dockerHost, ...args];
  return {
    run: async (args) => (await runCommand(docker, withHost(args), { env, timeoutMs: 60_000 })).trim(),
    attach(args) {
      const client = spawn(docker, withHost(args), { env, stdio: 'ignore' });
      const ended = new Promise<void>((resolve) => client.once('exit', () => resolve()));
      return async () => {
        // No other signal: it would be handed on to the container.
        client.kill('SIGKILL');
        await ended;
      };
    },
  };
}
