import { runCommand } from '../../embedded/run-command.ts';
import type { Shape } from './shape.ts';

/** Options of `docker run` as its help lists them: long form → short form or null. No engine is asked, or it would hide some. */
export async function flagsOfDockerRun(docker: string): Promise<Map<string, string | null>> {
  const help = await runCommand(docker, ['--host', 'unix:///no/such/engine.sock', 'run', '--help']);
  const lines = [...help.matchAll(/^ {2,6}(?:(-\w), )?(--[a-z0-9-]+)/gm)];
  return new Map(lines.map(([, short = null, long = '']) => [long, short]));
}

/** Flags that every call has, without a shape saying so. */
const ALWAYS = ['--detach', '--name'];

/** Flags that the shapes use, as they are written. */
export function flagsInShapes(shapes: readonly Shape[]): Set<string> {
  const options = shapes.flatMap(({ made }) => (made.by === 'api' ? [] : made.options));
  const flags = options.filter((option) => option.startsWith('-')).map((option) => option.split('=', 1)[0] ?? option);
  return new Set([...ALWAYS, ...flags]);
}
