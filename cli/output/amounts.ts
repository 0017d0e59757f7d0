/** Bytes as people read them: `512 B`, `3.1 MB`; powers of 1000, as registries and `docker pull` count. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** A length of time given in milliseconds: `85 ms`, `2.4 s`, `3 m 05 s`, `2 h 10 m`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 100) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')} m`;
}

/** Time of day of an ISO timestamp in the local time zone, such as `12:00:01`. */
export function formatClock(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB', { hour12: false });
}

/** Day and time of an ISO timestamp in the local time zone, such as `2026-03-01 12:00:01`. */
export function formatMoment(iso: string): string {
  const moment = new Date(iso);
  return `${moment.toLocaleDateString('sv-SE')} ${formatClock(iso)}`;
}

/** An image as short as it can be told: reference and the digest's first 12 digits. */
export function formatVersion(version: { reference: string; digest: string | null } | null): string {
  if (version === null) return '-';
  const name = version.reference.split('@')[0] ?? version.reference;
  return version.digest === null ? name : `${name}@${shortDigest(version.digest)}`;
}

/** The first 12 digits of a digest, as Docker shows ids. */
export function shortDigest(digest: string): string {
  return digest.replace('sha256:', '').slice(0, 12);
}
