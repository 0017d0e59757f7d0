import { homedir } from 'node:os';
import path from 'node:path';
import { currentContext } from './docker-context.ts';
import { type EngineAddress, requestEngine, whyUnsupported } from './engine-request.ts';
import { engineTls } from './engine-tls.ts';
import { errorText } from './error-code.ts';

const PING_TIMEOUT_MS = 2_000;

/** A place where an engine was looked for without success. */
export interface EngineAttempt {
  /** Such as `DOCKER_HOST`, `context "work"` or `the usual socket`. */
  source: string;
  dockerHost: string;
  reason: string;
}

export type DockerSearch =
  | { kind: 'found'; dockerHost: string; certPath: string | null; source: string; tried: EngineAttempt[] }
  /** The user named this engine and it doesn't answer: no other one may take its place. */
  | {
      kind: 'unreachable';
      dockerHost: string;
      certPath: string | null;
      source: string;
      reason: string;
      tried: EngineAttempt[];
    }
  /** The user named this engine, and no waiting will help: we can't speak to one at such an address. */
  | { kind: 'unsupported'; dockerHost: string; source: string; reason: string; tried: EngineAttempt[] }
  | { kind: 'none'; tried: EngineAttempt[] };

interface Candidate extends EngineAddress {
  source: string;
  /** Named by the user, rather than looked for by us. */
  explicit: boolean;
}

/**
 * Looks for this machine's Docker engine as the docker command does, then in the usual places; each is asked and has
 * two seconds. Order: `DOCKER_HOST`, the current context (`DOCKER_CONTEXT`, `config.json`), /var/run/docker.sock, the
 * rootless socket, Docker Desktop's. Never throws for an engine that is away.
 */
export async function findDockerEngine({
  env,
  home = homedir(),
}: {
  env: NodeJS.ProcessEnv;
  home?: string;
}): Promise<DockerSearch> {
  const tried: EngineAttempt[] = [];
  for (const { source, dockerHost, certPath, explicit } of candidates(env, home)) {
    const unsupported = whyUnsupported(dockerHost);
    if (unsupported !== null) {
      tried.push({ source, dockerHost, reason: unsupported });
      return { kind: 'unsupported', dockerHost, source, reason: unsupported, tried };
    }
    const reason = await whySilent({ dockerHost, certPath });
    if (reason === null) return { kind: 'found', dockerHost, certPath, source, tried };
    tried.push({ source, dockerHost, reason });
    if (explicit) return { kind: 'unreachable', dockerHost, certPath, source, reason, tried };
  }
  return { kind: 'none', tried };
}

function candidates(env: NodeJS.ProcessEnv, home: string): Candidate[] {
  if (env.DOCKER_HOST) {
    const certPath = env.DOCKER_TLS_VERIFY ? (env.DOCKER_CERT_PATH ?? path.join(home, '.docker')) : null;
    return [{ source: 'DOCKER_HOST', dockerHost: withScheme(env.DOCKER_HOST), certPath, explicit: true }];
  }
  const sockets = [
    { source: 'the usual socket', file: '/var/run/docker.sock' },
    ...(env.XDG_RUNTIME_DIR
      ? [{ source: 'the rootless socket', file: path.join(env.XDG_RUNTIME_DIR, 'docker.sock') }]
      : []),
    { source: "Docker Desktop's socket", file: path.join(home, '.docker', 'run', 'docker.sock') },
  ];
  const context = currentContext(env, home);
  return [
    ...(context === null ? [] : [{ ...context, explicit: true }]),
    ...sockets.map(({ source, file }) => ({ source, dockerHost: `unix://${file}`, certPath: null, explicit: false })),
  ];
}

/** `127.0.0.1:2375` and `/run/docker.sock` are seen in the wild. */
function withScheme(dockerHost: string): string {
  if (dockerHost.includes('://')) return dockerHost;
  return dockerHost.startsWith('/') ? `unix://${dockerHost}` : `tcp://${dockerHost}`;
}

async function whySilent(address: EngineAddress): Promise<string | null> {
  try {
    await requestEngine(address, '/_ping', PING_TIMEOUT_MS);
    return null;
  } catch (error) {
    return engineTls(address.certPath).explain(error) ?? errorText(error);
  }
}
