/** A token as a token service grants it. */
export interface BearerToken {
  token: string;
  /** Seconds from now. */
  expiresInSeconds: number;
}

export interface BearerTokens {
  /** The kept token for the key, else the one that `fetch` gets; several who ask at once share one fetch. */
  tokenFor(key: string, fetch: () => Promise<BearerToken>): Promise<string>;
  /** The token was refused before its time. */
  forget(key: string): void;
}

/** A token is given up a little early, so that it doesn't expire on its way. */
const USABLE_SHARE = 0.9;

interface KeptToken {
  token: Promise<string>;
  /** Milliseconds since the epoch; not known while it is being fetched. */
  expiresAt: number;
}

/**
 * Bearer tokens kept until they expire; a fetch that fails is not kept.
 * @param now milliseconds since the epoch
 */
export function createBearerTokens(now: () => number): BearerTokens {
  const kept = new Map<string, KeptToken>();

  function dropExpired(): void {
    for (const [key, { expiresAt }] of kept) if (expiresAt <= now()) kept.delete(key);
  }

  return {
    tokenFor(key, fetch) {
      dropExpired();
      const present = kept.get(key);
      if (present !== undefined) return present.token;
      const entry: KeptToken = { token: Promise.resolve(''), expiresAt: Number.POSITIVE_INFINITY };
      entry.token = fetch().then(
        (granted) => {
          entry.expiresAt = now() + granted.expiresInSeconds * 1000 * USABLE_SHARE;
          return granted.token;
        },
        (error: unknown) => {
          if (kept.get(key) === entry) kept.delete(key);
          throw error;
        },
      );
      kept.set(key, entry);
      return entry.token;
    },
    forget(key) {
      kept.delete(key);
    },
  };
}
