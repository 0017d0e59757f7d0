import { ApiError } from './api-client/api-error.ts';
import { CommandError } from './command-error.ts';
import { ConfigurationError } from './configuration/configuration-error.ts';

/** What a person is told about an error that ended a command; the stack only with `debug`. */
export function explainError(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (debug) return withCauses(error);
  if (error instanceof ConfigurationError || error instanceof CommandError) return error.message;
  if (error instanceof ApiError && error.status === 401) {
    return 'The API refused the token; give the right one with --token or API_TOKEN.';
  }
  return error.message || error.name;
}

function withCauses(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\nbecause of ${withCauses(error.cause)}` : own;
}
