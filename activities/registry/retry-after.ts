/**
 * Milliseconds to wait according to a `Retry-After` header, in either of its forms (seconds, or an HTTP date);
 * undefined when there is none that can be read. Source: RFC 9110, section 10.2.3.
 * @param now milliseconds since the epoch
 */
export function retryAfterMs(header: string | string[] | undefined, now: number): number | undefined {
  const value = (Array.isArray(header) ? header[0] : header)?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
