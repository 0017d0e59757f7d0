import path from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { metaOf, SETTING_KEYS, type SettingKey } from './settings.ts';

/** Where a value came from, as it is shown to people. */
export type Origin = 'default' | 'command line' | 'environment' | `file ${string}`;

export interface RawSetting {
  value: string;
  origin: Origin;
}

export interface Sources {
  /** Settings given on the command line. */
  flags: Partial<Record<SettingKey, string>>;
  env: Readonly<Record<string, string | undefined>>;
  /** Text of a file, or null when there is none at that path. */
  readFile(path: string): string | null;
  /** The file given with `--config`; it must exist. Default: `config.yaml` in the data directory, where it may be missing. */
  configPath?: string | undefined;
}

export interface RawSettings {
  values: Partial<Record<SettingKey, RawSetting>>;
  problems: string[];
}

/**
 * Collects each setting's text from the first of its sources that has it: command line, environment, the file that
 * `<KEY>_FILE` names (secrets only), `config.yaml`. Empty variables count as not set: Compose passes such for every
 * variable that its file mentions.
 */
export function readSources(sources: Sources, defaultDataDir: string): RawSettings {
  const values: Partial<Record<SettingKey, RawSetting>> = {};
  const problems: string[] = [];
  for (const key of SETTING_KEYS) {
    const raw = fromFlag(sources, key) ?? fromEnvironment(sources, key) ?? fromSecretFile(sources, key, problems);
    if (raw !== null) values[key] = raw;
  }
  const dataDir = values.DATA_DIR?.value ?? defaultDataDir;
  const configPath = sources.configPath ?? path.join(expandHome(dataDir, sources.env), 'config.yaml');
  const fromConfig = readConfigFile(configPath, sources, problems);
  if (sources.configPath === undefined && fromConfig.DATA_DIR !== undefined) {
    problems.push(`DATA_DIR can't be set in ${configPath}, which lies in it; use the environment or --data-dir.`);
  }
  return { values: { ...fromConfig, ...values }, problems };
}

/** Replaces a leading `~` by the user's home, since neither the environment nor YAML does. */
export function expandHome(value: string, env: Sources['env']): string {
  const home = env.HOME;
  if (home === undefined || (value !== '~' && !value.startsWith('~/'))) return value;
  return path.join(home, value.slice(1));
}

function fromFlag({ flags }: Sources, key: SettingKey): RawSetting | null {
  const value = flags[key];
  return value === undefined ? null : { value, origin: 'command line' };
}

function fromEnvironment({ env }: Sources, key: SettingKey): RawSetting | null {
  const value = env[key];
  return value === undefined || value === '' ? null : { value, origin: 'environment' };
}

function fromSecretFile({ env, readFile }: Sources, key: SettingKey, problems: string[]): RawSetting | null {
  const file = env[`${key}_FILE`];
  if (file === undefined || file === '' || !metaOf(key).secret) return null;
  const content = readFile(file);
  if (content !== null) return { value: content.trim(), origin: `file ${file}` };
  problems.push(`${key}_FILE is ${JSON.stringify(file)}, and there is no such file; allowed: path of a readable file.`);
  return null;
}

function readConfigFile(file: string, sources: Sources, problems: string[]): Partial<Record<SettingKey, RawSetting>> {
  const content = sources.readFile(file);
  if (content === null) {
    if (sources.configPath !== undefined)
      problems.push(`--config is ${JSON.stringify(file)}, and there is no such file.`);
    return {};
  }
  const document = parseYaml(content, file, problems);
  const values: Partial<Record<SettingKey, RawSetting>> = {};
  for (const [name, given] of Object.entries(document)) {
    const key = SETTING_KEYS.find((known) => known === name.toUpperCase());
    const value = asText(given);
    if (key === undefined) {
      problems.push(`${name} in ${file} is no known setting; allowed: ${SETTING_KEYS.join(', ')}.`);
    } else if (value === undefined) {
      problems.push(`${key} in ${file} is no single value; allowed: ${metaOf(key).allowed}.`);
    } else if (value !== null) {
      values[key] = { value, origin: `file ${file}` };
    }
  }
  return values;
}

function parseYaml(content: string, file: string, problems: string[]): Record<string, unknown> {
  try {
    const document: unknown = parse(content) ?? {};
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) return { ...document };
    problems.push(`${file} must hold settings as \`NAME: value\` lines.`);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    problems.push(`${file} is not valid YAML: ${error.message.split('\n')[0]}`);
  }
  return {};
}

/** Text of a YAML value; null for an empty one, undefined for what no setting can be. */
function asText(value: unknown): string | null | undefined {
  if (value === null || value === '') return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value.join(',');
  return undefined;
}
