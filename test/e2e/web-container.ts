import { freePort } from '../../embedded/free-port.ts';
import { publishWeb, runContainer } from '../rig/sample-container.ts';
import type { Sandbox } from '../rig/sandbox.ts';

/** Dockerfile lines of a second version that can't run. */
export const CRASHES = ['ENTRYPOINT ["sh", "-c", "echo no configuration; exit 3"]'];

/** Runs a web container of version v1. @returns its port on this machine, where it serves its version */
export async function runWeb(sandbox: Sandbox, name: string, Labels: Record<string, string> = {}): Promise<number> {
  await publishWeb(sandbox, `${name}:stable`, 'v1');
  const port = await freePort();
  await runContainer(sandbox.docker, {
    name,
    Image: `${sandbox.registryHost}/${name}:stable`,
    Labels,
    ExposedPorts: { '80/tcp': {} },
    HostConfig: {
      PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
      RestartPolicy: { Name: 'unless-stopped' },
    },
  });
  return port;
}

/** Runs a web container of v1 and publishes v2, on whose Dockerfile the `extra` lines stand. @returns its port */
export async function runOutdated(
  sandbox: Sandbox,
  name: string,
  { labels = {}, extra = [] }: { labels?: Record<string, string>; extra?: string[] } = {},
): Promise<number> {
  const port = await runWeb(sandbox, name, labels);
  await publishWeb(sandbox, `${name}:stable`, 'v2', extra);
  return port;
}
