/** Failures that trying again can't mend. */
export const PERMANENT_FAILURES = [
  'ImageRefInvalid',
  'ManifestNotFound',
  'RegistryAuthDenied',
  'PlatformMismatch',
  'ContainerNotFound',
  'CreateRejected',
  'NoSpaceLeft',
  'PolicyDenied',
  'BackupMissing',
  'Protected',
  'Unreproducible',
] as const;

/** Failures that pass: the activity is tried again within its patience. */
export const PASSING_FAILURES = [
  'EngineUnavailable',
  'RegistryUnavailable',
  'RegistryRateLimited',
  'PullInterrupted',
  'NotifyFailed',
] as const;

export type PermanentFailure = (typeof PERMANENT_FAILURES)[number];
export type PassingFailure = (typeof PASSING_FAILURES)[number];
export type FailureType = PermanentFailure | PassingFailure;

export function isPermanentFailure(type: string): type is PermanentFailure {
  return (PERMANENT_FAILURES as readonly string[]).includes(type);
}

/**
 * A failure with one of our types, thrown by adapters and activities. The worker turns it into a Temporal
 * `ApplicationFailure` of the same type (`activities/to-application-failure.ts`).
 */
export class TypedFailure extends Error {
  readonly type: FailureType;
  /** Milliseconds to wait before the next try, where the other side said so (`Retry-After`). */
  readonly retryAfterMs: number | undefined;

  constructor(type: FailureType, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.name = type;
    this.type = type;
    this.retryAfterMs = options.retryAfterMs;
  }
}
