import { canonicalName, repositoryName } from '../../domain/image-reference.ts';
import type { Manifest, ManifestHead, ManifestReference, RegistryClient } from './registry-client.ts';

export interface RecentHead extends ManifestHead {
  /** Milliseconds since the epoch at which the registry was asked. */
  askedAtMs: number;
}

type Asks = Pick<RegistryClient, 'headManifest' | 'getManifest' | 'getBlob' | 'listTags'>;

/** Answers kept beyond which the oldest go. */
const MOST_KEPT = 20_000;
const MOST_INDEXES = 500;
const MOST_BLOBS = 500;
const LONGEST_BLOB_BYTES = 64 * 1024;
const MOST_TAG_LISTS = 100;
/** A longer list is asked for again rather than kept. */
const LONGEST_TAG_LIST = 10_000;
const LONGEST_INDEX_BYTES = 256 * 1024;

/**
 * What registries answered lately, and what they are being asked right now: however many containers want to know of a
 * tag, it is asked for once. A failure is nobody's answer but theirs who asked together.
 */
export class RecentHeads {
  readonly #client: Asks;
  readonly #now: () => number;
  /** By canonical name; the latest asked for is last. */
  readonly #kept = new Map<string, RecentHead>();
  /** By canonical name with its digest, so that it never changes. */
  readonly #indexes = new Map<string, Promise<Manifest>>();
  /** By canonical name with the digest. */
  readonly #blobs = new Map<string, Promise<Buffer>>();
  /** By repository. */
  readonly #tagLists = new Map<string, { askedAtMs: number; tags: Promise<string[]> }>();
  readonly #asking = new Map<string, { askedAtMs: number; answer: Promise<RecentHead> }>();

  /** @param now milliseconds since the epoch */
  constructor(client: Asks, now: () => number = Date.now) {
    this.#client = client;
    this.#now = now;
  }

  /**
   * The answer to a HEAD that was asked at that moment or later.
   * @throws what the registry client throws
   */
  head(reference: ManifestReference, sinceMs: number): Promise<RecentHead> {
    const name = canonicalName(reference);
    const kept = this.known(name, sinceMs);
    if (kept !== null) return Promise.resolve(kept);
    const asking = this.#asking.get(name);
    if (asking !== undefined && asking.askedAtMs >= sinceMs) return asking.answer;
    return this.#ask(name, reference);
  }

  /** What is known already of that canonical name, or null. */
  known(name: string, sinceMs: number): RecentHead | null {
    const kept = this.#kept.get(name);
    return kept !== undefined && kept.askedAtMs >= sinceMs ? kept : null;
  }

  /** Takes over what another process asked. */
  learn(name: string, head: RecentHead): void {
    const kept = this.#kept.get(name);
    if (kept !== undefined && kept.askedAtMs >= head.askedAtMs) return;
    this.#kept.delete(name);
    this.#kept.set(name, head);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }

  /** A blob by its digest, fetched once. @throws what the registry client throws */
  blob(reference: ManifestReference & { digest: string }): Promise<Buffer> {
    const name = canonicalName(reference);
    const kept = this.#blobs.get(name);
    if (kept !== undefined) return kept;
    const fetched = this.#client.getBlob(reference);
    this.#blobs.set(name, fetched);
    const forget = () => this.#blobs.delete(name);
    fetched.then(({ length }) => (length > LONGEST_BLOB_BYTES ? forget() : undefined), forget);
    const [oldest] = this.#blobs.keys();
    if (this.#blobs.size > MOST_BLOBS && oldest !== undefined) this.#blobs.delete(oldest);
    return fetched;
  }

  /** All tags of a repository, as listed at that moment or later. @throws what the registry client throws */
  tags(reference: ManifestReference, sinceMs: number): Promise<string[]> {
    const name = repositoryName(reference);
    const listed = this.#tagLists.get(name);
    if (listed !== undefined && listed.askedAtMs >= sinceMs) return listed.tags;
    const asked = { askedAtMs: this.#now(), tags: this.#client.listTags(reference) };
    this.#tagLists.delete(name);
    this.#tagLists.set(name, asked);
    const forget = () => {
      if (this.#tagLists.get(name) === asked) this.#tagLists.delete(name);
    };
    asked.tags.then((tags) => (tags.length > LONGEST_TAG_LIST ? forget() : undefined), forget);
    const [oldest] = this.#tagLists.keys();
    if (this.#tagLists.size > MOST_TAG_LISTS && oldest !== undefined) this.#tagLists.delete(oldest);
    return asked.tags;
  }

  /** A manifest by its digest, fetched once. @throws what the registry client throws */
  manifest(reference: ManifestReference): Promise<Manifest> {
    if (reference.digest === null) return this.#client.getManifest(reference);
    const name = canonicalName(reference);
    const kept = this.#indexes.get(name);
    if (kept !== undefined) return kept;
    const fetched = this.#client.getManifest(reference);
    this.#indexes.set(name, fetched);
    const forget = () => this.#indexes.delete(name);
    fetched.then(({ body }) => (body.length > LONGEST_INDEX_BYTES ? forget() : undefined), forget);
    const [oldest] = this.#indexes.keys();
    if (this.#indexes.size > MOST_INDEXES && oldest !== undefined) this.#indexes.delete(oldest);
    return fetched;
  }

  #ask(name: string, reference: ManifestReference): Promise<RecentHead> {
    const askedAtMs = this.#now();
    const answer = this.#client
      .headManifest(reference)
      .then((head) => {
        const recent = { ...head, askedAtMs };
        this.learn(name, recent);
        return recent;
      })
      .finally(() => {
        if (this.#asking.get(name)?.answer === answer) this.#asking.delete(name);
      });
    this.#asking.set(name, { askedAtMs, answer });
    return answer;
  }
}
