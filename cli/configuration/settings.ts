import { z } from 'zod';
import { parseKeyring } from '../../db/encryption/keyring.ts';

/** What belongs to a setting besides its schema. */
export interface SettingMeta {
  /** One line for `.env.example` and for people. */
  purpose: string;
  /** What a value may be, in words, for the message about a bad one. */
  allowed: string;
  /** Never shown; may also come from a file named by `<KEY>_FILE`. */
  secret: boolean;
}

interface Described {
  purpose: string;
  allowed: string;
  secret?: true;
}

function setting<T extends z.ZodType>(schema: T, { purpose, allowed, secret }: Described): T {
  return schema.meta({ purpose, allowed, secret: secret === true });
}

function wholeNumber(least: number, most: number): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> {
  return z.string().transform((text, context) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    context.issues.push({ code: 'custom', message: 'out of range', input: text });
    return z.NEVER;
  });
}

const text = z.string().min(1);

function address(...protocols: string[]): z.ZodString {
  return text.refine((value) => {
    const url = URL.parse(value);
    return url !== null && protocols.includes(url.protocol.slice(0, -1));
  });
}

const MAIL_ADDRESS = /^([^<>@\s]+@[^<>@\s]+|[^<>]*<[^<>@\s]+@[^<>@\s]+>)$/;

function isKeyring(value: string): boolean {
  try {
    return parseKeyring(value).keys.size > 0;
  } catch (error) {
    return !(error instanceof Error);
  }
}

function isTimeZone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }) !== null;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * Every setting, under the name it has in the environment. Values arrive as text from all sources; `null` means "not
 * set, and there is no default". `docker-auto config`, `.env.example` and the messages about bad values come from here.
 */
export const settingsSchema = z.object({
  PORT: setting(wholeNumber(0, 65535).prefault('8080'), {
    purpose: 'port of the HTTP API; 0 takes a free one',
    allowed: 'a whole number from 0 to 65535',
  }),
  HOST: setting(text.regex(/^[\w.:%-]+$/).default('127.0.0.1'), {
    purpose: 'address that the HTTP API listens on; it has one token and no users yet, so keep it on loopback',
    allowed: 'an IP address or a host name',
  }),
  DATABASE_URL: setting(address('postgres', 'postgresql').nullable().default(null), {
    purpose: 'your PostgreSQL; without it an embedded one is started',
    allowed: 'postgresql://user:password@host:port/database',
    secret: true,
  }),
  TEMPORAL_ADDRESS: setting(
    text
      .regex(/^[\w.-]+:\d{1,5}$/)
      .nullable()
      .default(null),
    { purpose: 'your Temporal server; without it an embedded one is started', allowed: 'host:port' },
  ),
  TEMPORAL_NAMESPACE: setting(text.regex(/^[\w.-]+$/).default('default'), {
    purpose: 'namespace at the Temporal server',
    allowed: 'letters, digits, dots, dashes and underscores',
  }),
  TEMPORAL_CLI: setting(text.nullable().default(null), {
    purpose: 'path of the `temporal` program that the embedded server runs with',
    allowed: 'path of an executable file',
  }),
  DOCKER_HOST: setting(address('unix', 'tcp', 'http', 'https', 'ssh').nullable().default(null), {
    purpose: 'the Docker engine to manage; without it Docker contexts and the usual sockets are tried',
    allowed:
      'unix:///path, tcp://host:port (with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH for TLS) or http(s)://host:port',
  }),
  DOCKER_CONFIG: setting(text.nullable().default(null), {
    purpose: 'folder of the Docker client configuration, with its contexts and registry log-ins',
    allowed: 'path of a folder',
  }),
  ENCRYPTION_KEY: setting(text.refine(isKeyring).nullable().default(null), {
    purpose: 'key for stored secrets; without it one is made and kept in the data directory',
    allowed:
      '32 bytes in base64 or as 64 hexadecimal digits (`openssl rand -base64 32` makes some), or several as id:key,id:key',
    secret: true,
  }),
  API_TOKEN: setting(
    text
      .regex(/^[\x21-\x7e]{16,}$/)
      .nullable()
      .default(null),
    {
      purpose: 'token that clients of the HTTP API show; without it one is made',
      allowed: 'at least 16 characters without blanks',
      secret: true,
    },
  ),
  DATA_DIR: setting(text.regex(/^[^\0]+$/).default('~/.docker-auto'), {
    purpose: 'folder for everything that Docker-Auto keeps',
    allowed: 'path of a folder',
  }),
  LOG_LEVEL: setting(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'), {
    purpose: 'least level of log lines that are written',
    allowed: 'trace, debug, info, warn, error, fatal or silent',
  }),
  TZ: setting(text.refine(isTimeZone).nullable().default(null), {
    purpose: 'time zone for times shown to people; without it the system’s',
    allowed: 'an IANA time zone such as Europe/Berlin',
  }),
  DEFAULT_POLICY: setting(z.enum(['auto', 'scheduled', 'approval', 'manual', 'ignore']).default('manual'), {
    purpose: 'what may happen on its own to containers without the label docker-auto.policy',
    allowed: 'auto, scheduled, approval, manual or ignore',
  }),
  INVENTORY_SECONDS: setting(wholeNumber(0, 86_400).prefault('300'), {
    purpose: 'seconds between two looks at all containers of the engine, without asking a registry; 0 turns them off',
    allowed: 'a whole number from 0 to 86400',
  }),
  NOTIFY_WEBHOOK_URL: setting(address('http', 'https').nullable().default(null), {
    purpose: 'address that gets a POST about each update',
    allowed: 'http://… or https://…',
    secret: true,
  }),
  NOTIFY_WEBHOOK_SECRET: setting(text.nullable().default(null), {
    purpose: 'secret that those POSTs are signed with (HMAC)',
    allowed: 'any text',
    secret: true,
  }),
  NOTIFY_SMTP_URL: setting(address('smtp', 'smtps').nullable().default(null), {
    purpose: 'mail server for messages about updates',
    allowed: 'smtp://user:password@host:port or smtps://…',
    secret: true,
  }),
  NOTIFY_EMAIL_FROM: setting(text.regex(MAIL_ADDRESS).nullable().default(null), {
    purpose: 'sender of those mails',
    allowed: 'a mail address',
  }),
  NOTIFY_EMAIL_TO: setting(
    text
      .transform((list) => list.split(',').map((part) => part.trim()))
      .refine((list) => list.every((part) => MAIL_ADDRESS.test(part)))
      .nullable()
      .default(null),
    { purpose: 'receivers of those mails, separated by commas', allowed: 'mail addresses separated by commas' },
  ),
  UPDATE_SOAK_SECONDS: setting(wholeNumber(0, 86_400).prefault('10'), {
    purpose: 'seconds that a healthy successor is watched before its update is final; 0 turns it off',
    allowed: 'a whole number from 0 to 86400',
  }),
  UPDATE_KEEP_IMAGES: setting(wholeNumber(0, 100).prefault('1'), {
    purpose: 'number of earlier images per container that are kept for going back',
    allowed: 'a whole number from 0 to 100',
  }),
  UPDATE_MAX_PARALLEL: setting(wholeNumber(1, 100).prefault('2'), {
    purpose: 'number of updates that run at the same time on one host when several are asked for at once',
    allowed: 'a whole number from 1 to 100',
  }),
  UPDATE_MAX_SWAPPING: setting(wholeNumber(1, 100).prefault('1'), {
    purpose:
      'number of containers of one host that are between stop and health at the same time; the others are got ready meanwhile',
    allowed: 'a whole number from 1 to 100',
  }),
});

export type Settings = z.output<typeof settingsSchema>;
export type SettingKey = keyof Settings;

/** Every setting's name, in the order they are listed for people. */
export const SETTING_KEYS = Object.keys(settingsSchema.shape) as SettingKey[];

/** What is known about the setting `key` besides its schema. */
export function metaOf(key: SettingKey): SettingMeta {
  return z
    .object({ purpose: z.string(), allowed: z.string(), secret: z.boolean() })
    .parse(settingsSchema.shape[key].meta());
}
