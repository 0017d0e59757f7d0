// By shape, not by class: errors of Node itself belong to another realm where the code runs in a vm context.

/** The system's code of a failed call (`ENOENT`, `EPERM` …), or null where the error carries none. */
export function errorCode(error: unknown): string | null {
  return hasKey(error, 'code') && typeof error.code === 'string' ? error.code : null;
}

/** What went wrong as one line of text. */
export function errorText(error: unknown): string {
  const text = hasKey(error, 'message') ? String(error.message) : String(error);
  if (text === '' && hasKey(error, 'errors') && Array.isArray(error.errors))
    return error.errors.map(errorText).join('; ');
  return text;
}

function hasKey<K extends string>(value: unknown, key: K): value is Record<K, unknown> {
  return typeof value === 'object' && value !== null && key in value;
}
