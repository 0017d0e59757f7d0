import { type Logger, pino } from 'pino';

/** Paths of secrets in what is logged. */
const SECRETS = ['token', 'password', '*.token', '*.password', 'headers.authorization', '*.headers.authorization'];

/** The program's log: JSON lines on standard error, secrets redacted. Standard output belongs to what people asked for. */
export function createLog(level: string): Logger {
  return pino({ level, redact: SECRETS, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}
