import { TypedFailure } from '../../../contracts/failure-types.ts';

interface EngineError {
  name?: string;
  statusCode?: number;
  code?: string | number;
  json?: { message?: string } | null;
  reason?: string;
  message?: string;
}

const AWAY_CODES = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'EACCES',
  'EPIPE',
  'ECONNRESET',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  // Our own time limit: an engine that hangs is one that is away.
  'ABORT_ERR',
]);

const REGISTRY_AWAY =
  /connection refused|no such host|i\/o timeout|tls handshake timeout|network is unreachable|context deadline exceeded|eof$|server misbehaving|5\d\d /i;

/** The HTTP status of an engine's answer, or null when there was no answer. */
export function engineStatus(error: unknown): number | null {
  return (error as EngineError | null)?.statusCode ?? null;
}

function engineMessage(error: EngineError): string {
  return (error.json?.message ?? error.reason ?? error.message ?? String(error)).trim().replace(/[.\s]+$/, '');
}

/** True when the engine lost a container's network sandbox while it was renaming the container. */
export function isSandboxGone(error: unknown): boolean {
  return /sandbox \S+ not found/i.test(engineMessage((error ?? {}) as EngineError));
}

/** True when a rename was done by an attempt whose answer was lost. */
export function hasNameAlready(error: unknown): boolean {
  return /same name as its current name/i.test(engineMessage((error ?? {}) as EngineError));
}

/** True when the call never reached an engine, or its connection broke. */
function isAway(error: EngineError): boolean {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return true;
  if (error.statusCode !== undefined) return error.statusCode === 502 || error.statusCode === 503;
  return error.code !== undefined
    ? AWAY_CODES.has(String(error.code))
    : /socket hang up|aborted/i.test(error.message ?? '');
}

function awayReason(error: EngineError): string {
  switch (error.code) {
    case 'ENOENT':
      return 'its socket does not exist';
    case 'ECONNREFUSED':
      return 'it refused the connection';
    case 'ABORT_ERR':
      return 'it did not answer in time';
    case 'EACCES':
      return 'permission to its socket was denied';
    default:
      return engineMessage(error);
  }
}

/**
 * Maps an error of the Docker engine (or of the way to it) to one of our failure types. The one place where engine
 * answers are read; sources: Docker Engine API v1.41 and the messages of Engine 20.10 to 28.
 * @param doing what was tried, in words that complete "while …", such as `creating web.next-0123456789`
 */
export function mapEngineError(error: unknown, doing: string, dockerHost: string): TypedFailure {
  if (error instanceof TypedFailure) return error;
  const engineError = (error ?? {}) as EngineError;
  if (isAway(engineError)) {
    return new TypedFailure(
      'EngineUnavailable',
      `The Docker engine at ${dockerHost} is not reachable (${awayReason(engineError)}) while ${doing}. Check that it runs; this is tried again by itself.`,
      { cause: error },
    );
  }
  const message = engineMessage(engineError);
  if (/no space left on device/i.test(message)) {
    return new TypedFailure(
      'NoSpaceLeft',
      `The disk of the Docker engine is full (${message}) while ${doing}. Free some space, then update again.`,
      { cause: error },
    );
  }
  if (engineError.statusCode === 404 && /no such container/i.test(message)) {
    return new TypedFailure('ContainerNotFound', `The container is gone (${message}) while ${doing}.`, {
      cause: error,
    });
  }
  return new TypedFailure('CreateRejected', `The Docker engine refused ${doing}: ${message}.`, { cause: error });
}

/** The same for a pull, whose messages carry what the registry said. `reference` is what was being pulled. */
export function mapPullError(error: unknown, reference: string, dockerHost: string): TypedFailure {
  if (error instanceof TypedFailure) return error;
  const engineError = (error ?? {}) as EngineError;
  if (isAway(engineError)) return mapEngineError(error, `pulling ${reference}`, dockerHost);
  const message = engineMessage(engineError);
  if (/no space left on device/i.test(message)) return mapEngineError(error, `pulling ${reference}`, dockerHost);
  const failure = (type: ConstructorParameters<typeof TypedFailure>[0], text: string) =>
    new TypedFailure(type, text, { cause: error });
  if (/no matching manifest/i.test(message)) {
    return failure('PlatformMismatch', `${reference} has no image for this host's platform: ${message}.`);
  }
  if (/manifest unknown|manifest for .* not found|repository .* not found|name unknown/i.test(message)) {
    return failure('ManifestNotFound', `The registry does not have ${reference} (any more): ${message}.`);
  }
  if (/unauthorized|no basic auth|authentication required|access denied|denied:|forbidden/i.test(message)) {
    return failure(
      'RegistryAuthDenied',
      `The registry refused the pull of ${reference}: ${message}. Log in on this host with \`docker login\`.`,
    );
  }
  if (/toomanyrequests|rate limit/i.test(message))
    return failure('RegistryRateLimited', `The registry limits pulls of ${reference}: ${message}.`);
  if (REGISTRY_AWAY.test(message))
    return failure('RegistryUnavailable', `The registry of ${reference} is not reachable: ${message}.`);
  if (/invalid reference format/i.test(message))
    return failure('ImageRefInvalid', `${reference} is not an image reference: ${message}.`);
  return failure('PullInterrupted', `The pull of ${reference} broke off: ${message}.`);
}
