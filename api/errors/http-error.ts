/** An answer other than success. `message` is shown to the caller, so it holds nothing but our own words. */
export class HttpError extends Error {
  readonly status: number;
  /** Goes out as the envelope's `data`. */
  readonly body: unknown;

  constructor(status: number, message: string, options: { body?: unknown; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'HttpError';
    this.status = status;
    this.body = options.body ?? null;
  }
}
