import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import bcrypt from 'bcryptjs';
import { startSandboxRegistry } from '../../embedded/sandbox-registry.ts';

const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';

export interface IndexEntry {
  digest: string;
  platform?: { os: string; architecture: string; variant?: string };
}

export interface RegistryUnderTest {
  /** `127.0.0.1:PORT` */
  host: string;
  /** Pushes an image of one platform whose content is `marker`, without a creation date unless given. @returns its digest */
  pushImage(repository: string, reference: string, marker: string, created?: string): Promise<string>;
  /** Pushes an index of images that are there already. @returns its digest */
  pushIndex(repository: string, reference: string, entries: IndexEntry[]): Promise<string>;
  /** Deletes a manifest, and with it the tags that point to it. */
  deleteManifest(repository: string, digest: string): Promise<void>;
  stop(): Promise<void>;
  /** Stops it and removes its directory. */
  destroy(): Promise<void>;
}

export function sha256(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

async function accepted(answer: Response): Promise<Response> {
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

/** A real registry; images get in through its HTTP API. With `login` it asks for basic authentication. */
export async function startRegistryUnderTest(login?: {
  username: string;
  password: string;
}): Promise<RegistryUnderTest> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-registry-'));
  const htpasswdFile = path.join(directory, 'htpasswd');
  if (login !== undefined) await writeFile(htpasswdFile, `${login.username}:${bcrypt.hashSync(login.password, 4)}\n`);
  const registry = await startSandboxRegistry({
    directory,
    log: () => undefined,
    ...(login === undefined ? {} : { htpasswdFile }),
  });
  const base = `http://${registry.host}/v2`;
  const headers: Record<string, string> =
    login === undefined
      ? {}
      : { authorization: `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}` };

  async function pushBlob(repository: string, content: string): Promise<{ digest: string; size: number }> {
    const digest = sha256(content);
    const begun = await accepted(await fetch(`${base}/${repository}/blobs/uploads/`, { method: 'POST', headers }));
    const upload = new URL(begun.headers.get('location') ?? '', base);
    upload.searchParams.set('digest', digest);
    await accepted(
      await fetch(upload, {
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/octet-stream' },
        body: content,
      }),
    );
    return { digest, size: content.length };
  }

  async function putManifest(
    repository: string,
    reference: string,
    mediaType: string,
    manifest: object,
  ): Promise<string> {
    const body = JSON.stringify({ schemaVersion: 2, mediaType, ...manifest });
    await accepted(
      await fetch(`${base}/${repository}/manifests/${reference}`, {
        method: 'PUT',
        headers: { ...headers, 'content-type': mediaType },
        body,
      }),
    );
    return sha256(body);
  }

  return {
    host: registry.host,
    async pushImage(repository, reference, marker, created) {
      const config = await pushBlob(
        repository,
        JSON.stringify({ os: 'linux', architecture: 'amd64', created, config: { Labels: { marker } } }),
      );
      return putManifest(repository, reference, OCI_MANIFEST, {
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
        layers: [],
      });
    },
    pushIndex: (repository, reference, entries) =>
      putManifest(repository, reference, OCI_INDEX, {
        manifests: entries.map((entry) => ({ mediaType: OCI_MANIFEST, size: 0, ...entry })),
      }),
    async deleteManifest(repository, digest) {
      await accepted(await fetch(`${base}/${repository}/manifests/${digest}`, { method: 'DELETE', headers }));
    },
    stop: () => registry.stop(),
    async destroy() {
      await registry.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
