import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { isFreePort, onFreePorts } from './free-port.ts';
import { ensureSandboxPrograms } from './sandbox-programs.ts';
import { type SupervisedProcess, superviseProcess } from './supervised-process.ts';

export interface SandboxRegistry {
  /** `127.0.0.1:PORT`, the first part of its images' names. */
  readonly host: string;
  readonly server: SupervisedProcess;
  stop(): Promise<void>;
}

/**
 * Starts a real registry on 127.0.0.1 with its images in `<directory>/registry`; deleting is allowed. Without `port`
 * it takes the one it had before in this directory (image names hold it), or a free one.
 * @param options.htpasswdFile asks for basic authentication; bcrypt hashes only.
 */
export async function startSandboxRegistry({
  directory,
  port,
  htpasswdFile,
  log,
}: {
  directory: string;
  port?: number;
  htpasswdFile?: string;
  log: (line: string) => void;
}): Promise<SandboxRegistry> {
  const { registry } = await ensureSandboxPrograms(log);
  const root = path.resolve(directory);
  mkdirSync(path.join(root, 'registry'), { recursive: true, mode: 0o700 });
  return onFreePorts(async (choose) => {
    const chosenPort = port ?? (await keptPort(root)) ?? (await choose());
    writeFileSync(portFile(root), `${chosenPort}\n`);
    const host = `127.0.0.1:${chosenPort}`;
    const configuration = path.join(root, 'registry.yml');
    writeFileSync(configuration, registryConfiguration(root, host, htpasswdFile), { mode: 0o600 });
    const server = await superviseProcess({
      name: 'registry',
      command: registry,
      args: ['serve', configuration],
      directory: root,
      env: registryEnvironment(),
      ready: () => answers(host),
      stopTimeoutMs: 3_000,
      log,
    });
    return { host, server, stop: () => server.stop() };
  });
}

function registryConfiguration(root: string, addr: string, htpasswdFile: string | undefined): string {
  const auth =
    htpasswdFile === undefined
      ? {}
      : { auth: { htpasswd: { realm: 'docker-auto', path: path.resolve(htpasswdFile) } } };
  return stringify({
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: path.join(root, 'registry') }, delete: { enabled: true } },
    http: { addr, secret: randomBytes(16).toString('hex') },
    ...auth,
  });
}

/** REGISTRY_… variables would override the file. */
function registryEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('REGISTRY_')));
}

async function answers(host: string): Promise<boolean> {
  return fetch(`http://${host}/v2/`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.status === 200 || response.status === 401,
    () => false,
  );
}

async function keptPort(root: string): Promise<number | null> {
  const kept = existsSync(portFile(root)) ? Number(readFileSync(portFile(root), 'utf8')) : 0;
  return kept > 0 && (await isFreePort(kept)) ? kept : null;
}

function portFile(root: string): string {
  return path.join(root, 'registry.port');
}
