import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { TypedFailure } from '../../contracts/failure-types.ts';
import type { CredentialSource, RegistryCredentials } from './credentials.ts';

/** The key under which `docker login` keeps Docker Hub's credentials. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';
const DOCKER_HUB_HOSTS = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);
/** With this name a password is in truth an identity token. Source: docker-credential-helpers. */
const TOKEN_USERNAME = '<token>';

const authEntry = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
});
const dockerConfig = z.object({ auths: z.record(z.string(), authEntry.nullable()).nullish() });
type AuthEntry = z.infer<typeof authEntry>;

/** What the engine takes as `X-Registry-Auth` for a pull (dockerode's `authconfig`). */
interface RegistryAuthHeader {
  username?: string;
  password?: string;
  serveraddress: string;
  identitytoken?: string;
}

export interface DockerConfigCredentials extends CredentialSource {
  /** The same credentials in the engine's form, or null when there are none. */
  registryAuthHeader(registry: string): Promise<RegistryAuthHeader | null>;
}

/** Directory of Docker's own configuration: `DOCKER_CONFIG`, else `~/.docker`. */
export function dockerConfigDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.DOCKER_CONFIG || join(homedir(), '.docker');
}

/** A key of `auths` as a registry's name: without scheme and path, all of Docker Hub's names as `docker.io`. */
function registryOfKey(key: string): string {
  const host = key.replace(/^https?:\/\//, '').split('/')[0] ?? '';
  return DOCKER_HUB_HOSTS.has(host) ? 'docker.io' : host;
}

function usernameAndPassword(entry: AuthEntry): { username: string; password: string } {
  if (!entry.auth) return { username: entry.username ?? '', password: entry.password ?? '' };
  const decoded = Buffer.from(entry.auth, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  // Docker itself pads some passwords with zero bytes.
  return colon < 0
    ? { username: decoded, password: '' }
    : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1).replace(/\0+$/, '') };
}

function credentialsOf(entry: AuthEntry, source: string): RegistryCredentials | null {
  const { username, password } = usernameAndPassword(entry);
  if (entry.identitytoken) return { username, password: '', identityToken: entry.identitytoken, source };
  if (username === TOKEN_USERNAME) return { username: '', password: '', identityToken: password, source };
  // `docker login` with a credential store leaves an empty entry behind.
  return username === '' ? null : { username, password, identityToken: null, source };
}

/**
 * The credentials in `config.json` of a Docker configuration directory. The file is read at each question, so that a
 * `docker login` counts at once.
 */
export function createDockerConfigCredentials(directory: string): DockerConfigCredentials {
  const path = join(directory, 'config.json');

  function unreadable(why: string, cause: unknown): TypedFailure {
    return new TypedFailure(
      'RegistryAuthDenied',
      `Docker's configuration ${path} can't be used: ${why}. Mend or remove it.`,
      { cause },
    );
  }

  async function readAuths(): Promise<Record<string, AuthEntry | null>> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'ENOTDIR') return {};
      throw unreadable(`it can't be read (${code})`, error);
    }
    try {
      return dockerConfig.parse(JSON.parse(text)).auths ?? {};
    } catch (error) {
      // Neither parser's message goes out: it may quote the file, which holds passwords.
      throw unreadable(
        error instanceof SyntaxError ? 'it is not JSON' : 'its "auths" have another form than Docker writes',
        undefined,
      );
    }
  }

  async function credentialsFor(registry: string): Promise<RegistryCredentials | null> {
    const auths = await readAuths();
    const wanted = registryOfKey(registry);
    const exact = auths[wanted === 'docker.io' ? DOCKER_HUB_KEY : registry];
    const entries = [
      exact,
      ...Object.entries(auths).flatMap(([key, entry]) => (registryOfKey(key) === wanted ? [entry] : [])),
    ];
    for (const entry of entries) {
      const credentials = entry ? credentialsOf(entry, path) : null;
      if (credentials !== null) return credentials;
    }
    return null;
  }

  return {
    credentialsFor,
    async registryAuthHeader(registry) {
      const credentials = await credentialsFor(registry);
      if (credentials === null) return null;
      const serveraddress = registryOfKey(registry) === 'docker.io' ? DOCKER_HUB_KEY : registry;
      if (credentials.identityToken !== null) return { identitytoken: credentials.identityToken, serveraddress };
      return { username: credentials.username, password: credentials.password, serveraddress };
    },
  };
}
