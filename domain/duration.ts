const LONGEST_TEXT = 40;
const SECONDS = /^\d+(?:\.\d+)?$/;
const UNITS = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/;

/**
 * Reads a duration as people write it in labels: `10s`, `2m`, `1h30m`, `1d`, or plain seconds.
 * @returns seconds, or null when it is none of these
 */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '' || trimmed.length > LONGEST_TEXT) return null;
  if (SECONDS.test(trimmed)) return Number(trimmed);
  const match = UNITS.exec(trimmed);
  if (match === null) return null;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
}
