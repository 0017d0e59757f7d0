import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { Sandbox } from '../rig/sandbox.ts';

/** The image that every other one begins with. */
export const USERLAND = 'userland:1';

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip';

interface Descriptor {
  mediaType: string;
  size: number;
  digest: string;
}

interface Layer {
  descriptor: Descriptor;
  /** Digest of the layer before it was compressed. */
  diffId: string;
  content: Buffer;
}

/** The configuration part of an image, as in its inspect. */
export interface ImageSettings {
  Env?: string[];
  Cmd?: string[];
  Entrypoint?: string[];
  Labels?: Record<string, string>;
  StopSignal?: string;
  Volumes?: Record<string, object>;
  Healthcheck?: { Test: string[]; Interval?: number; Timeout?: number; Retries?: number };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

async function layerOf(file: string, content: Buffer): Promise<Layer> {
  const archive = pack();
  archive.entry({ name: file, mtime: new Date(0) }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  const tar = Buffer.concat(chunks);
  const zipped = gzipSync(tar, { level: 1 });
  return {
    descriptor: { mediaType: LAYER, size: zipped.length, digest: digestOf(zipped) },
    diffId: digestOf(tar),
    content: zipped,
  };
}

/**
 * Makes images in the registry without an engine, some milliseconds each: one userland, a page, and settings. A build
 * would take seconds, and a drill needs two images for each of some hundred containers.
 */
export class ImagePress {
  readonly #registry: string;
  readonly #userland: { layers: Descriptor[]; diffIds: string[] };
  readonly #pages = new Map<string, Layer>();

  private constructor(registry: string, userland: { layers: Descriptor[]; diffIds: string[] }) {
    this.#registry = registry;
    this.#userland = userland;
  }

  /** The userland is in the registry already. */
  static async open(sandbox: Sandbox): Promise<ImagePress> {
    const registry = `http://${sandbox.registryHost}/v2`;
    const answer = await fetch(`${registry}/userland/manifests/1`, { headers: { accept: MANIFEST } });
    const manifest = (await answer.json()) as { config: Descriptor; layers: Descriptor[] };
    const config = (await (await fetch(`${registry}/userland/blobs/${manifest.config.digest}`)).json()) as {
      rootfs: { diff_ids: string[] };
    };
    return new ImagePress(registry, { layers: manifest.layers, diffIds: config.rootfs.diff_ids });
  }

  /**
   * Puts an image under `<name>:stable`.
   * @param options.bulk megabytes of what can't be compressed, in a layer of its own
   * @returns its digest
   */
  async publish(name: string, page: string, settings: ImageSettings, options: { bulk: number }): Promise<string> {
    const layers = [await this.#page(page)];
    if (options.bulk > 0) layers.push(await layerOf('bulk', randomBytes(options.bulk * 1_000_000)));
    const config = Buffer.from(
      JSON.stringify({
        architecture: process.arch === 'x64' ? 'amd64' : process.arch,
        os: 'linux',
        // An image of its own for each name, or one would be shared by all containers.
        created: '2026-01-01T00:00:00Z',
        author: name,
        config: settings,
        rootfs: { type: 'layers', diff_ids: [...this.#userland.diffIds, ...layers.map(({ diffId }) => diffId)] },
        history: [],
      }),
    );
    for (const { digest } of this.#userland.layers) await this.#mount(name, digest);
    for (const { descriptor, content } of layers) await this.#upload(name, descriptor.digest, content);
    const configDigest = digestOf(config);
    await this.#upload(name, configDigest, config);
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { mediaType: CONFIG, size: config.length, digest: configDigest },
      layers: [...this.#userland.layers, ...layers.map(({ descriptor }) => descriptor)],
    });
    await this.#ask('PUT', `${this.#registry}/${name}/manifests/stable`, Buffer.from(manifest), MANIFEST);
    return digestOf(Buffer.from(manifest));
  }

  async #page(page: string): Promise<Layer> {
    const known = this.#pages.get(page) ?? (await layerOf('www/index.html', Buffer.from(page)));
    this.#pages.set(page, known);
    return known;
  }

  async #mount(name: string, digest: string): Promise<void> {
    await this.#ask('POST', `${this.#registry}/${name}/blobs/uploads/?mount=${digest}&from=userland`);
  }

  async #upload(name: string, digest: string, content: Buffer): Promise<void> {
    const begun = await this.#ask('POST', `${this.#registry}/${name}/blobs/uploads/`);
    const location = new URL(begun.headers.get('location') ?? '', this.#registry);
    location.searchParams.set('digest', digest);
    await this.#ask('PUT', location.href, content, 'application/octet-stream');
  }

  async #ask(method: string, url: string, body?: Buffer, type?: string): Promise<Response> {
    const answer = await fetch(url, {
      method,
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      ...(type === undefined ? {} : { headers: { 'content-type': type } }),
    });
    if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
