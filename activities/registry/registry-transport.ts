import type { IncomingHttpHeaders } from 'node:http';
import { Agent, type Dispatcher, request } from 'undici';
import { type ConcurrencyLimit, createConcurrencyLimit } from './concurrency-limit.ts';
import { mayGoOnTo } from './registry-address.ts';

/** Default of `registry.concurrency`: requests at a time to one registry. */
const CONCURRENCY_PER_REGISTRY = 16;
const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** A kept connection that the server closed just as we used it; the request is safe to repeat. */
const STALE_CONNECTION = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** Milliseconds: to connect, until the answer's head, and for one whole request with its body. */
export interface RegistryTimeouts {
  connectMs: number;
  headersMs: number;
  totalMs: number;
}

const DEFAULT_TIMEOUTS: RegistryTimeouts = { connectMs: 10_000, headersMs: 20_000, totalMs: 60_000 };

export interface RegistryRequest {
  method: 'GET' | 'HEAD' | 'POST';
  url: URL;
  headers: Record<string, string>;
  /** Value of the `Authorization` header; dropped when a redirect leaves the origin. */
  authorization: string | null;
  body?: string;
  /** Longest body accepted, in bytes. */
  maxBytes: number;
}

export interface RegistryAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Who answered, after redirects. */
  url: URL;
}

export interface RegistryTransport {
  /** One exchange, redirects followed. Rejects with the network's own error; `map-registry-error.ts` reads it. */
  send(request: RegistryRequest): Promise<RegistryAnswer>;
  close(): Promise<void>;
}

/** The answer cannot be used whatever its status: too long, or sent to a place we don't go. */
export class UnusableAnswer extends Error {
  override readonly name = 'UnusableAnswer';
}

function errorCode(error: unknown): string | undefined {
  return (error as { code?: string } | null)?.code;
}

async function readBody(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop early destroys the stream and with it the connection, so nothing more is received.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new UnusableAnswer(`its answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Kept-alive connections to registries, with bounds on concurrency, time and size. */
export function createRegistryTransport(timeouts: Partial<RegistryTimeouts> = {}): RegistryTransport {
  const { connectMs, headersMs, totalMs } = { ...DEFAULT_TIMEOUTS, ...timeouts };
  const agent = new Agent({
    connections: CONCURRENCY_PER_REGISTRY,
    keepAliveTimeout: 30_000,
    headersTimeout: headersMs,
    bodyTimeout: headersMs,
    connect: { timeout: connectMs },
  });
  const limits = new Map<string, ConcurrencyLimit>();

  function limitOf(origin: string): ConcurrencyLimit {
    const limit = limits.get(origin) ?? createConcurrencyLimit(CONCURRENCY_PER_REGISTRY);
    limits.set(origin, limit);
    return limit;
  }

  async function exchangeOnce(question: RegistryRequest): Promise<RegistryAnswer> {
    const answer = await request(question.url, {
      dispatcher: agent,
      method: question.method,
      headers: {
        'user-agent': 'docker-auto',
        ...question.headers,
        ...(question.authorization === null ? {} : { authorization: question.authorization }),
      },
      body: question.body ?? null,
      signal: AbortSignal.timeout(totalMs),
    });
    const body = await readBody(answer.body, question.maxBytes);
    return { status: answer.statusCode, headers: answer.headers, body, url: question.url };
  }

  async function exchange(question: RegistryRequest): Promise<RegistryAnswer> {
    try {
      return await exchangeOnce(question);
    } catch (error) {
      if (question.method === 'POST' || !STALE_CONNECTION.has(errorCode(error) ?? '')) throw error;
      return exchangeOnce(question);
    }
  }

  function redirected(question: RegistryRequest, answer: RegistryAnswer): RegistryRequest | null {
    const location = answer.headers.location;
    if (!REDIRECTS.has(answer.status) || question.method === 'POST' || location === undefined) return null;
    const url = URL.canParse(location, question.url.href) ? new URL(location, question.url) : null;
    if (url === null || !mayGoOnTo(question.url, url)) {
      throw new UnusableAnswer('it redirects to a place that is neither HTTPS nor, from loopback, loopback');
    }
    const authorization = url.origin === question.url.origin ? question.authorization : null;
    return { ...question, url, authorization };
  }

  return {
    async send(question) {
      let current = question;
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
        const answer = await limitOf(current.url.origin)(() => exchange(current));
        const next = redirected(current, answer);
        if (next === null) return answer;
        current = next;
      }
      throw new UnusableAnswer(`it redirects more than ${MAX_REDIRECTS} times`);
    },
    close: () => agent.destroy(),
  };
}
