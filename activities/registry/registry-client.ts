import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { familiarName, type ImageReference } from '../../domain/image-reference.ts';
import type { CredentialSource } from './credentials.ts';
import { mapRegistryAnswer, mapRegistryError, type RegistryQuestion } from './map-registry-error.ts';
import { registryUrl } from './registry-address.ts';
import { type Access, createRegistryAuthorization, TokenRefused } from './registry-authorization.ts';
import {
  createRegistryTransport,
  type RegistryAnswer,
  type RegistryTimeouts,
  UnusableAnswer,
} from './registry-transport.ts';
import { listPages, TAGS_IN_A_PAGE } from './tag-list.ts';

/** Every kind of manifest and index, so that a registry never converts one: a converted one has another digest. */
const ACCEPTED_MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
/** Registries themselves accept no larger manifest. Source: OCI distribution spec, pushing manifests. */
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** A registry that is this slow is asked by the others all the same. */
const FIRST_PATIENCE_MS = 3_000;
const DIGEST = /^sha(?:256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128})$/;

/** Where a manifest is: by digest if there is one, else by tag. */
export type ManifestReference = Pick<ImageReference, 'registry' | 'repository' | 'tag' | 'digest'>;

export interface ManifestHead {
  /** `sha256:…` of the manifest or index as the registry keeps it. */
  digest: string;
  mediaType: string;
}

export interface Manifest extends ManifestHead {
  body: Buffer;
}

export interface RegistryClient {
  /**
   * What a tag points to now. Costs one HEAD, which doesn't count against Docker Hub's pull limit.
   * @throws TypedFailure `ManifestNotFound`, `RegistryAuthDenied`, `RegistryRateLimited`, `RegistryUnavailable`
   */
  headManifest(reference: ManifestReference): Promise<ManifestHead>;
  /** The manifest itself, its content proved to have its digest. Throws the same. */
  getManifest(reference: ManifestReference): Promise<Manifest>;
  /** A small blob by its digest (an image's configuration), its content proved to have it. Throws the same. */
  getBlob(reference: ManifestReference & { digest: string }): Promise<Buffer>;
  /** All tags of the repository, in the registry's order. Throws the same. */
  listTags(reference: ManifestReference): Promise<string[]>;
  close(): Promise<void>;
}

export interface RegistryClientOptions {
  credentials: CredentialSource;
  /** Milliseconds since the epoch; the clock, unless a test has its own. */
  now?: () => number;
  timeouts?: Partial<RegistryTimeouts>;
}

function digestOf(algorithm: string, body: Buffer): string {
  return `${algorithm}:${createHash(algorithm).update(body).digest('hex')}`;
}

function oneHeader(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value)?.trim() ?? null;
}

function digestHeader(answer: RegistryAnswer): string | null {
  const digest = oneHeader(answer.headers['docker-content-digest']);
  return digest !== null && DIGEST.test(digest) ? digest : null;
}

function mediaTypeOf(answer: RegistryAnswer): string {
  return (oneHeader(answer.headers['content-type']) ?? '').split(';')[0]?.trim() ?? '';
}

function manifestFrom(answer: RegistryAnswer, reference: ManifestReference): Manifest {
  const expected = reference.digest ?? digestHeader(answer);
  const digest = digestOf(expected?.split(':')[0] ?? 'sha256', answer.body);
  if (expected !== null && expected !== digest) {
    throw new UnusableAnswer(
      `the manifest that it sent has the digest ${digest}, not ${expected} as it should; a proxy on the way may have changed it`,
    );
  }
  return { digest, mediaType: mediaTypeOf(answer), body: answer.body };
}

/** A client of OCI distribution registries for what detection asks. Source: OCI distribution specification v1.1. */
export function createRegistryClient({
  credentials,
  now = Date.now,
  timeouts = {},
}: RegistryClientOptions): RegistryClient {
  const transport = createRegistryTransport(timeouts);
  const authorization = createRegistryAuthorization(credentials, transport, now);
  /** By registry; resolved once it has ended, well or not. */
  const firstQuestions = new Map<string, Promise<void>>();

  async function credentialsOf(registry: string): Promise<string | null> {
    const login = await credentials.credentialsFor(registry);
    if (login === null) return null;
    return login.username === ''
      ? `the identity token from ${login.source}`
      : `user ${login.username} (credentials from ${login.source})`;
  }

  /**
   * The first question to a registry goes alone, for it may be answered with how the registry wants to be asked; the
   * others wait for that instead of being refused each for itself.
   */
  async function askInTurn(...question: Parameters<typeof ask>): Promise<RegistryAnswer> {
    const [, , { registry }] = question;
    const first = firstQuestions.get(registry);
    if (first !== undefined) {
      await Promise.race([first, delay(FIRST_PATIENCE_MS, undefined, { ref: false })]);
      return ask(...question);
    }
    const answer = ask(...question);
    firstQuestions.set(
      registry,
      answer.then(
        () => undefined,
        () => undefined,
      ),
    );
    return answer;
  }

  async function ask(method: 'GET' | 'HEAD', url: URL, access: Access): Promise<RegistryAnswer> {
    const send = (value: string | null) =>
      transport.send({
        method,
        url,
        headers: { accept: ACCEPTED_MANIFESTS },
        authorization: value,
        maxBytes: MAX_MANIFEST_BYTES,
      });

    const first = await authorization.authorizationFor(access);
    const answer = await send(first);
    // A challenge counts only from the registry itself, not from where it redirected to.
    if (answer.status !== 401 || answer.url.origin !== access.url.origin) return answer;
    const second = await authorization.answerChallenge(access, answer.headers['www-authenticate'], first);
    if (second === null) return answer;
    const again = await send(second);
    if (first !== null && again.status !== 401) authorization.tookSecond(access);
    return again;
  }

  type Ask = (method: 'GET' | 'HEAD', path: string | URL) => Promise<RegistryAnswer>;

  /** Has `run` ask; every way of failing, and any answer but 200, leaves as a `TypedFailure`. */
  async function asking<Result>(reference: ManifestReference, run: (ask: Ask) => Promise<Result>): Promise<Result> {
    const { registry, repository, tag, digest } = reference;
    const url = registryUrl(registry);
    const question = async (): Promise<RegistryQuestion> => ({
      registry,
      url,
      name: familiarName({ ...reference, tag: null, digest: null }),
      tag,
      digest,
      credentialsOf: await credentialsOf(registry),
    });
    try {
      return await run(async (method, path) => {
        const scope = `repository:${repository}:pull`;
        const answer = await askInTurn(method, new URL(path, url), { registry, url, scope });
        if (answer.status !== 200) throw mapRegistryAnswer(answer, await question(), now());
        return answer;
      });
    } catch (error) {
      if (error instanceof TokenRefused) throw mapRegistryAnswer(error.answer, await question(), now());
      throw mapRegistryError(error, await question());
    }
  }

  const pathOf = (kind: 'manifests' | 'blobs', { repository, tag, digest }: ManifestReference) =>
    `v2/${repository}/${kind}/${digest ?? tag ?? 'latest'}`;
  const getManifest = (reference: ManifestReference) =>
    asking(reference, async (ask) => manifestFrom(await ask('GET', pathOf('manifests', reference)), reference));

  return {
    async headManifest(reference) {
      const head = await asking(reference, async (ask) => {
        const answer = await ask('HEAD', pathOf('manifests', reference));
        return { digest: digestHeader(answer), mediaType: mediaTypeOf(answer) };
      });
      if (head.digest !== null) return { digest: head.digest, mediaType: head.mediaType };
      const { digest, mediaType } = await getManifest(reference);
      return { digest, mediaType };
    },
    getManifest,
    getBlob: (reference) =>
      asking(reference, async (ask) => manifestFrom(await ask('GET', pathOf('blobs', reference)), reference).body),
    listTags: (reference) =>
      asking(reference, (ask) => {
        const first = new URL(
          `v2/${reference.repository}/tags/list?n=${TAGS_IN_A_PAGE}`,
          registryUrl(reference.registry),
        );
        return listPages(first, (page) => ask('GET', page));
      }),
    close: () => transport.close(),
  };
}
