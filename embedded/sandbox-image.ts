import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';

/** A file of a build context; a link's target is as it will be seen inside the image. */
export type ContextFile = { content: string | Buffer; mode?: number } | { linkTo: string };

export interface SandboxImage {
  tag: string;
  dockerfile: string;
  /** Path in the build context → file. */
  files: Readonly<Record<string, ContextFile>>;
}

export interface RegistryLogin {
  username: string;
  password: string;
}

/**
 * Builds an image with the engine's classic builder (nothing is fetched for `FROM scratch`) and gives its id.
 * @throws Error with the builder's words; its stream ends without one even when the build failed.
 */
export async function buildSandboxImage(docker: Docker, { tag, dockerfile, files }: SandboxImage): Promise<string> {
  const context = pack();
  context.entry({ name: 'Dockerfile' }, dockerfile);
  for (const [name, file] of Object.entries(files)) {
    if ('linkTo' in file) context.entry({ name, type: 'symlink', linkname: file.linkTo });
    else context.entry({ name, mode: file.mode ?? 0o644 }, file.content);
  }
  context.finalize();
  const lines = await readLines(
    await docker.buildImage(Readable.from(context), { t: tag, forcerm: true }),
    `building ${tag}`,
  );
  const id = lines.map((line) => text(line, 'aux', 'ID')).findLast((found) => found !== null);
  return id ?? (await docker.getImage(tag).inspect()).Id;
}

/**
 * Pushes an image and gives the digest under which the registry keeps it.
 * @throws Error with the registry's words, or when the stream ended without a digest.
 */
export async function pushSandboxImage(docker: Docker, tag: string, login?: RegistryLogin): Promise<string> {
  // The engine refuses a push without an X-Registry-Auth header, also to a registry that asks for none.
  const authconfig = { username: '', password: '', ...login, serveraddress: tag.split('/')[0] ?? '' };
  const stream = await docker.getImage(tag).push({ authconfig });
  const lines = await readLines(stream, `pushing ${tag}`);
  const digest = lines.map((line) => text(line, 'aux', 'Digest')).findLast((found) => found !== null);
  if (digest === undefined) throw new Error(`pushing ${tag}: the engine gave no digest`);
  return digest;
}

async function readLines(stream: NodeJS.ReadableStream, what: string): Promise<unknown[]> {
  let body = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) body += String(chunk);
  const lines = body.split('\n').filter((line) => line.trim() !== '');
  const messages: unknown[] = lines.map((line) => JSON.parse(line));
  const error = messages.map((message) => text(message, 'error')).find((found) => found !== null);
  if (error !== undefined) throw new Error(`${what}: ${error}`);
  return messages;
}

/** The text at a path of keys, or null. */
function text(message: unknown, ...keys: string[]): string | null {
  let value = message;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'string' ? value : null;
}
