import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { RegistryLogin } from '../../embedded/sandbox-image.ts';
import type { Sandbox } from './sandbox.ts';

/** Dockerfile lines of a small web server whose page is its version; it ends at once when it is told to. */
export function webServer(version: string, extra: string[] = []): string[] {
  return [
    'COPY www /www',
    `ENV APP_VERSION=${version}`,
    `LABEL org.example.version=${version}`,
    'STOPSIGNAL SIGKILL',
    ...extra,
    'CMD ["httpd", "-f", "-p", "80", "-h", "/www"]',
  ];
}

export function webPage(version: string): Record<string, string> {
  return { 'www/index.html': version };
}

/** Publishes a web server of that version under the tag. @returns its digest */
export function publishWeb(sandbox: Sandbox, tag: string, version: string, extra: string[] = []): Promise<string> {
  return sandbox.publish(tag, webServer(version, extra), webPage(version));
}

/** Creates and starts a container as `docker run` would, from an image that the engine pulls from the registry. */
export async function runContainer(
  docker: Docker,
  options: Docker.ContainerCreateOptions & { name: string; Image: string },
): Promise<string> {
  await pull(docker, options.Image);
  const container = await docker.createContainer(options);
  await container.start();
  return container.id;
}

/** Pulls an image and waits for the end. */
export async function pull(docker: Docker, reference: string, login?: RegistryLogin): Promise<void> {
  const authconfig = login && { ...login, serveraddress: reference.split('/')[0] ?? '' };
  const stream = await docker.pull(reference, authconfig === undefined ? {} : { authconfig });
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())),
  );
}

/** What the published port of a container on this machine answers at this moment, or null when nothing does. */
export async function pageNow(port: number): Promise<string | null> {
  try {
    return await (await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) })).text();
  } catch {
    // Nothing listens; that is an answer too.
    return null;
  }
}

/**
 * What the published port of a container on this machine answers, or null when nothing does for 5 s: a server that
 * was started a moment ago does not listen yet, although its engine calls it running.
 */
export async function pageAt(port: number): Promise<string | null> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const page = await pageNow(port);
    if (page !== null || Date.now() > deadline) return page;
    await delay(50);
  }
}

/** Names of all containers that have the name or one of a swap's. */
export async function namesAround(docker: Docker, name: string): Promise<string[]> {
  const containers = await docker.listContainers({ all: true });
  return containers
    .map(({ Names }) => (Names[0] ?? '').slice(1))
    .filter((found) => found === name || found.startsWith(`${name}.`))
    .sort();
}

/** Runs a command in a container. @returns what it printed */
export async function exec(docker: Docker, name: string, command: string[]): Promise<string> {
  const run = await docker.getContainer(name).exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true });
  const stream = await run.start({ Tty: true });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString().trim();
}
