import { isNativeError } from 'node:util/types';
import { z } from 'zod';
import { validationErrorsSchema } from '../../contracts/api/envelope.ts';
import { CommandError } from '../command-error.ts';
import { Interrupted } from '../interruption.ts';
import { ApiError } from './api-error.ts';

/** Where an API is and what opens it. */
export interface ApiAddress {
  /** Without a path, such as `http://127.0.0.1:8080`. */
  url: string;
  token: string;
  /** Gives requests up when aborted. */
  signal?: AbortSignal;
}

export interface ApiRequest<T> {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/v1`, such as `/containers`. */
  path: string;
  /** A list repeats the parameter; undefined leaves it out. */
  query?: Record<string, string | number | boolean | readonly string[] | undefined>;
  body?: unknown;
  /** What the envelope's `data` must look like. */
  answer: z.ZodType<T>;
  /** Milliseconds until the request is given up; default 30 s. */
  timeoutMs?: number;
}

const envelope = z.object({ code: z.number(), message: z.string(), data: z.unknown() });

/**
 * Sends one request and opens the envelope.
 * @throws ApiError when the API answers with an error; CommandError when it can't be reached or what answers is no such API.
 */
export async function sendRequest<T>(address: ApiAddress, request: ApiRequest<T>): Promise<T> {
  const url = new URL(`/api/v1${request.path}`, address.url);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined) url.searchParams.append(name, String(each));
    }
  }
  const { status, text } = await send(url, address, request);
  const opened = envelope.safeParse(parseJson(text));
  if (!opened.success) {
    throw new CommandError(
      `What answers at ${address.url} is no Docker-Auto API (status ${status} to ${url.pathname}).`,
    );
  }
  if (status >= 400) throw new ApiError(status, whatIsWrong(opened.data), opened.data.data);
  const answer = request.answer.safeParse(opened.data.data);
  if (answer.success) return answer.data;
  const [issue] = answer.error.issues;
  throw new CommandError(
    `The API at ${address.url} answered ${url.pathname} with an unexpected ${issue?.path.join('.') || 'shape'} (${issue?.message}); is it another version?`,
  );
}

/** The envelope's message, with the fields that a refused request had wrong. */
function whatIsWrong({ message, data }: z.output<typeof envelope>): string {
  const fields = validationErrorsSchema.safeParse(data).data?.errors ?? [];
  return [message, ...fields.map((field) => `${field.path}: ${field.message}`)].join('; ');
}

async function send<T>(
  url: URL,
  address: ApiAddress,
  request: ApiRequest<T>,
): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      method: request.method,
      headers: {
        authorization: `Bearer ${address.token}`,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: AbortSignal.any([
        AbortSignal.timeout(request.timeoutMs ?? 30_000),
        ...(address.signal ? [address.signal] : []),
      ]),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (address.signal?.aborted === true) throw new Interrupted();
    throw new CommandError(`The API at ${address.url} can't be reached: ${reasonOf(error)}.`, { cause: error });
  }
}

/** fetch says only "fetch failed"; the reason lies in its cause, or in the first cause of several. */
function reasonOf(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  if (error.name === 'TimeoutError') return 'it did not answer in time';
  if ('errors' in error && Array.isArray(error.errors)) return reasonOf(error.errors[0]);
  return isNativeError(error.cause) ? reasonOf(error.cause) : error.message || error.name;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
