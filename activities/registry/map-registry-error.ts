import { TypedFailure } from '../../contracts/failure-types.ts';
import { hostAndPort } from './registry-address.ts';
import { type RegistryAnswer, UnusableAnswer } from './registry-transport.ts';
import { retryAfterMs } from './retry-after.ts';

/** What was being asked, for the message. */
export interface RegistryQuestion {
  /** As references name it: `docker.io`, `127.0.0.1:5000`. */
  registry: string;
  url: URL;
  /** Image as people write it, without tag: `nginx`, `127.0.0.1:5000/web`. */
  name: string;
  tag: string | null;
  digest: string | null;
  /** Whose credentials were used (`bob's from /root/.docker/config.json`), or null for none. */
  credentialsOf: string | null;
}

interface RegistryErrorItem {
  code: string;
  message: string;
}

/** The `errors` of a registry's answer, where there is a body that has them. Source: OCI distribution spec, error codes. */
function errorItems(body: Buffer): RegistryErrorItem[] {
  if (body.length === 0) return [];
  try {
    const { errors } = JSON.parse(body.toString('utf8')) as { errors?: unknown };
    if (!Array.isArray(errors)) return [];
    return errors.map((item: Partial<RegistryErrorItem> | null) => ({
      code: String(item?.code ?? ''),
      message: String(item?.message ?? ''),
    }));
  } catch {
    // A proxy's HTML page, or an answer cut short: the status says enough.
    return [];
  }
}

function notFound(question: RegistryQuestion, codes: string[]): TypedFailure {
  if (codes.includes('NAME_UNKNOWN')) {
    return new TypedFailure(
      'ManifestNotFound',
      `The registry ${question.registry} knows no repository ${question.name}. Check the image's name.`,
    );
  }
  if (question.digest !== null) {
    return new TypedFailure(
      'ManifestNotFound',
      `${question.name} has no image ${question.digest} any more: the registry ${question.registry} does not have it. Choose another digest or a tag.`,
    );
  }
  return new TypedFailure(
    'ManifestNotFound',
    `${question.name} has no tag ${question.tag ?? 'latest'} any more: the registry ${question.registry} does not have it. Choose a tag that exists.`,
  );
}

function denied(question: RegistryQuestion, status: number): TypedFailure {
  const { registry, name, credentialsOf } = question;
  const login = `\`docker login${registry === 'docker.io' ? '' : ` ${registry}`}\``;
  const message =
    credentialsOf === null
      ? `The registry ${registry} wants a login for ${name} (HTTP ${status}) and there are no credentials for it. Run ${login} on this host, or check the image's name.`
      : `The registry ${registry} refused ${name} to ${credentialsOf} (HTTP ${status}). Run ${login} on this host with an account that may pull it.`;
  return new TypedFailure('RegistryAuthDenied', message);
}

/**
 * The failure that an answer other than 2xx means.
 * @param now milliseconds since the epoch, for a `Retry-After` that is a date
 */
export function mapRegistryAnswer(answer: RegistryAnswer, question: RegistryQuestion, now: number): TypedFailure {
  const items = errorItems(answer.body);
  const codes = items.map((item) => item.code);
  const said = items[0]?.message ? `: ${items[0].message.slice(0, 200)}` : '';
  const { status } = answer;
  const has = (...wanted: string[]) => wanted.some((code) => codes.includes(code));
  if (status === 429 || has('TOOMANYREQUESTS')) {
    const wait = retryAfterMs(answer.headers['retry-after'], now);
    return new TypedFailure(
      'RegistryRateLimited',
      `The registry ${question.registry} limits how often it may be asked${said}. This is tried again by itself${wait === undefined ? '' : ` after ${Math.ceil(wait / 1000)} s`}; a login raises the limit.`,
      wait === undefined ? {} : { retryAfterMs: wait },
    );
  }
  if (status === 404 || has('MANIFEST_UNKNOWN', 'NAME_UNKNOWN')) return notFound(question, codes);
  if (status === 401 || status === 403 || has('UNAUTHORIZED', 'DENIED')) return denied(question, status);
  return new TypedFailure(
    'RegistryUnavailable',
    `The registry ${question.registry} at ${hostAndPort(question.url)} answered HTTP ${status} for ${question.name}${said}. This is tried again by itself.`,
  );
}

const CAUSES: Record<string, string> = {
  ECONNREFUSED: 'it refused the connection',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection before its answer was whole',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'it closed the connection before its answer was whole',
  ENOTFOUND: 'its name does not resolve',
  EAI_AGAIN: 'the name service does not answer',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not accept a connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'its answer stopped half-way',
  CERT_HAS_EXPIRED: 'its TLS certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its TLS certificate is self-signed; let Node trust it through NODE_EXTRA_CA_CERTS',
  SELF_SIGNED_CERT_IN_CHAIN: 'its TLS certificate has an unknown issuer; let Node trust it through NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its TLS certificate has an unknown issuer; let Node trust it through NODE_EXTRA_CA_CERTS',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its TLS certificate is for another name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS, and plain HTTP is for loopback only',
};

function causeOf(error: unknown): string {
  if (error instanceof UnusableAnswer) return error.message;
  const { name, code, message, cause } = (error ?? {}) as {
    name?: string;
    code?: string;
    message?: string;
    cause?: { code?: string };
  };
  if (name === 'TimeoutError') return 'it did not answer in time';
  const known = CAUSES[code ?? ''] ?? CAUSES[cause?.code ?? ''];
  return known ?? `${code === undefined ? '' : `${code}: `}${message ?? String(error)}`;
}

/** The failure that a request without a usable answer means: always `RegistryUnavailable`, with the cause in words. */
export function mapRegistryError(error: unknown, question: RegistryQuestion): TypedFailure {
  if (error instanceof TypedFailure) return error;
  return new TypedFailure(
    'RegistryUnavailable',
    `The registry ${question.registry} at ${hostAndPort(question.url)} could not be asked about ${question.name}: ${causeOf(error)}. This is tried again by itself.`,
    { cause: error },
  );
}
