import os from 'node:os';
import path from 'node:path';
import { ConfigurationError } from './configuration/configuration-error.ts';
import { expandHome, type Origin, readSources, type Sources } from './configuration/read-sources.ts';
import { metaOf, SETTING_KEYS, type SettingKey, type Settings, settingsSchema } from './configuration/settings.ts';

/** The program's effective configuration. Paths are absolute; `null` means "not configured". */
export interface Configuration {
  port: number;
  host: string;
  databaseUrl: string | null;
  temporalAddress: string | null;
  temporalNamespace: string;
  temporalCli: string | null;
  dockerHost: string | null;
  dockerConfig: string | null;
  encryptionKey: string | null;
  apiToken: string | null;
  dataDir: string;
  logLevel: Settings['LOG_LEVEL'];
  timeZone: string | null;
  defaultPolicy: Settings['DEFAULT_POLICY'];
  /** Seconds; 0 means never. */
  inventorySeconds: number;
  notifications: {
    webhook: { url: string; secret: string | null } | null;
    email: { smtpUrl: string; from: string; to: string[] } | null;
  };
  /** Seconds. */
  soakSeconds: number;
  keepImages: number;
  /** Updates of a batch at the same time on one host. */
  maxParallel: number;
  /** Containers of one host between stop and health at the same time, whoever asked for their updates. */
  maxSwapping: number;
}

/** A setting as `docker-auto config` shows it: secrets are masked already. */
export interface EffectiveSetting {
  key: SettingKey;
  value: string | null;
  origin: Origin;
}

export interface LoadedConfiguration {
  configuration: Configuration;
  settings: EffectiveSetting[];
}

/**
 * Reads the configuration: command line > environment > `_FILE` > `config.yaml` > default.
 * @throws ConfigurationError that names every bad value, where it came from and what is allowed.
 */
export function loadConfiguration(sources: Sources): LoadedConfiguration {
  const env = { ...sources.env, HOME: sources.env.HOME ?? os.homedir() };
  const { values: raw, problems } = readSources({ ...sources, env }, settingsSchema.shape.DATA_DIR.parse(undefined));
  const texts = Object.fromEntries(Object.entries(raw).map(([key, { value }]) => [key, value]));
  const parsed = settingsSchema.safeParse(texts);
  for (const key of badKeys(parsed.error?.issues ?? [])) {
    const { allowed, secret } = metaOf(key);
    const shown = secret ? MASK : JSON.stringify(raw[key]?.value);
    problems.push(`${key} is ${shown} (${raw[key]?.origin}); allowed: ${allowed}.`);
  }
  if (!parsed.success) throw new ConfigurationError(problems);
  problems.push(...contradictions(parsed.data));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return {
    configuration: shape(parsed.data, env),
    settings: SETTING_KEYS.map((key) => ({
      key,
      value: shownValue(key, parsed.data[key]),
      origin: raw[key]?.origin ?? 'default',
    })),
  };
}

const MASK = '********';

function badKeys(issues: ReadonlyArray<{ path: PropertyKey[] }>): Set<SettingKey> {
  return new Set(SETTING_KEYS.filter((key) => issues.some((issue) => issue.path[0] === key)));
}

function contradictions(settings: Settings): string[] {
  const problems: string[] = [];
  if (settings.NOTIFY_WEBHOOK_SECRET !== null && settings.NOTIFY_WEBHOOK_URL === null) {
    problems.push('NOTIFY_WEBHOOK_SECRET is set without NOTIFY_WEBHOOK_URL; set both, or neither.');
  }
  const mail = ['NOTIFY_SMTP_URL', 'NOTIFY_EMAIL_FROM', 'NOTIFY_EMAIL_TO'] as const;
  const missing = mail.filter((key) => settings[key] === null);
  if (missing.length > 0 && missing.length < mail.length) {
    problems.push(`${missing.join(' and ')} not set; mail needs all of ${mail.join(', ')}.`);
  }
  return problems;
}

function shape(settings: Settings, env: Sources['env']): Configuration {
  const { NOTIFY_SMTP_URL: smtpUrl, NOTIFY_EMAIL_FROM: from, NOTIFY_EMAIL_TO: to } = settings;
  const absolute = (file: string) => path.resolve(expandHome(file, env));
  return {
    port: settings.PORT,
    host: settings.HOST,
    databaseUrl: settings.DATABASE_URL,
    temporalAddress: settings.TEMPORAL_ADDRESS,
    temporalNamespace: settings.TEMPORAL_NAMESPACE,
    temporalCli: settings.TEMPORAL_CLI === null ? null : absolute(settings.TEMPORAL_CLI),
    dockerHost: settings.DOCKER_HOST,
    dockerConfig: settings.DOCKER_CONFIG === null ? null : absolute(settings.DOCKER_CONFIG),
    encryptionKey: settings.ENCRYPTION_KEY,
    apiToken: settings.API_TOKEN,
    dataDir: absolute(settings.DATA_DIR),
    logLevel: settings.LOG_LEVEL,
    timeZone: settings.TZ,
    defaultPolicy: settings.DEFAULT_POLICY,
    inventorySeconds: settings.INVENTORY_SECONDS,
    notifications: {
      webhook:
        settings.NOTIFY_WEBHOOK_URL === null
          ? null
          : { url: settings.NOTIFY_WEBHOOK_URL, secret: settings.NOTIFY_WEBHOOK_SECRET },
      email: smtpUrl === null || from === null || to === null ? null : { smtpUrl, from, to },
    },
    soakSeconds: settings.UPDATE_SOAK_SECONDS,
    keepImages: settings.UPDATE_KEEP_IMAGES,
    maxParallel: settings.UPDATE_MAX_PARALLEL,
    maxSwapping: settings.UPDATE_MAX_SWAPPING,
  };
}

function shownValue(key: SettingKey, value: Settings[SettingKey]): string | null {
  if (value === null) return null;
  return metaOf(key).secret ? MASK : String(value);
}
