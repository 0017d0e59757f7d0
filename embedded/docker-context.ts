import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { EngineAddress } from './engine-request.ts';
import { errorText } from './error-code.ts';

export interface DockerContext extends EngineAddress {
  /** Such as `context "work"`. */
  source: string;
}

/**
 * The engine of the Docker context that the user has chosen (`DOCKER_CONTEXT`, else `currentContext` of config.json),
 * or null for the default context, which means "the usual places". A context that can't be read has an address that no
 * engine answers at, so that it is reported rather than passed over.
 */
export function currentContext(env: NodeJS.ProcessEnv, home: string): DockerContext | null {
  const folder = env.DOCKER_CONFIG ?? path.join(home, '.docker');
  const name = env.DOCKER_CONTEXT || configuredContext(folder);
  if (name === null || name === 'default') return null;
  // The docker command names a context's folders by the hash of its name.
  const id = createHash('sha256').update(name).digest('hex');
  const source = `context "${name}"`;
  try {
    const meta: unknown = JSON.parse(readFileSync(path.join(folder, 'contexts', 'meta', id, 'meta.json'), 'utf8'));
    const host = textAt(meta, 'Endpoints', 'docker', 'Host');
    if (host === null) throw new Error('it has no endpoint for Docker');
    const certPath = path.join(folder, 'contexts', 'tls', id, 'docker');
    // A context with TLS has at least one of the two: the authority of its engine, or a certificate to show.
    const hasTls = ['ca.pem', 'cert.pem'].some((name) => existsSync(path.join(certPath, name)));
    return { source, dockerHost: host, certPath: hasTls ? certPath : null };
  } catch (error) {
    return { source: `${source} (unreadable: ${errorText(error)})`, dockerHost: 'unknown://', certPath: null };
  }
}

function configuredContext(folder: string): string | null {
  const file = path.join(folder, 'config.json');
  if (!existsSync(file)) return null;
  try {
    return textAt(JSON.parse(readFileSync(file, 'utf8')), 'currentContext');
  } catch {
    // A damaged config.json chooses no context; the engine is then looked for in the usual places.
    return null;
  }
}

function textAt(value: unknown, ...keys: string[]): string | null {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null) return null;
    found = (found as Record<string, unknown>)[key];
  }
  return typeof found === 'string' && found !== '' ? found : null;
}
