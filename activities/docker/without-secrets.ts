/** Shorter values are words such as `true`, and masking them would make a log unreadable. */
const SHORTEST_SECRET = 8;

/** The password in an address such as `postgres://user:password@host`. */
const URL_PASSWORD = /:\/\/[^/@:\s]*:([^@\s]{4,})@/;

/**
 * What a program printed, with the values of its environment masked: programs like to print what they were given, and
 * what they print is stored, and sent in notifications.
 * @param env as in `Config.Env`
 */
export function withoutSecrets(log: string, env: readonly string[]): string {
  const values = env.map((line) => line.slice(line.indexOf('=') + 1));
  // An address may be printed in parts.
  const passwords = values.flatMap((value) => URL_PASSWORD.exec(value)?.[1] ?? []);
  return [...values.filter((value) => value.length >= SHORTEST_SECRET), ...passwords]
    .sort((left, right) => right.length - left.length)
    .reduce((masked, value) => masked.replaceAll(value, '********'), log);
}
