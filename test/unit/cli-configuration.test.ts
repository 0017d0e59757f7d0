import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { metaOf, SETTING_KEYS, type SettingKey } from '../../cli/configuration/settings.ts';
import { loadConfiguration } from '../../cli/configuration.ts';

interface Given {
  flags?: Partial<Record<SettingKey, string>>;
  env?: Record<string, string>;
  files?: Record<string, string>;
  configPath?: string;
}

function load({ flags = {}, env = {}, files = {}, configPath }: Given) {
  return loadConfiguration({
    flags,
    env: { HOME: '/home/someone', ...env },
    readFile: (path) => files[path] ?? null,
    configPath,
  });
}

const CONFIG_YAML = '/home/someone/.docker-auto/config.yaml';
const KEY = 'ab'.repeat(32);

describe('configuration', () => {
  it('has working defaults when nothing is set', () => {
    expect(load({}).configuration).toEqual({
      port: 8080,
      host: '127.0.0.1',
      databaseUrl: null,
      temporalAddress: null,
      temporalNamespace: 'default',
      temporalCli: null,
      dockerHost: null,
      dockerConfig: null,
      encryptionKey: null,
      apiToken: null,
      dataDir: '/home/someone/.docker-auto',
      logLevel: 'info',
      timeZone: null,
      defaultPolicy: 'manual',
      inventorySeconds: 300,
      notifications: { webhook: null, email: null },
      soakSeconds: 10,
      keepImages: 1,
      maxParallel: 2,
      maxSwapping: 1,
    });
  });

  it('takes the command line before the environment before config.yaml before the default', () => {
    const files = { [CONFIG_YAML]: 'PORT: 3\n' };
    const env = { PORT: '2' };
    const flags = { PORT: '1' };
    const port = (given: Given) => load(given).configuration.port;
    expect([port({ flags, env, files }), port({ env, files }), port({ files }), port({})]).toEqual([1, 2, 3, 8080]);
  });

  it('takes the environment before the file that _FILE names, and that before config.yaml', () => {
    const files = { [CONFIG_YAML]: 'API_TOKEN: from-config-yaml-x\n', '/run/token': 'from-secret-file-x\n' };
    const token = (env: Record<string, string>) => load({ env, files }).configuration.apiToken;
    expect(token({ API_TOKEN: 'from-environment-x', API_TOKEN_FILE: '/run/token' })).toBe('from-environment-x');
    expect(token({ API_TOKEN_FILE: '/run/token' })).toBe('from-secret-file-x');
    expect(token({})).toBe('from-config-yaml-x');
  });

  it('says where each value came from and shows no secret', () => {
    const { settings } = load({
      flags: { PORT: '81' },
      env: { ENCRYPTION_KEY: KEY, API_TOKEN_FILE: '/run/token' },
      files: { [CONFIG_YAML]: 'log_level: debug\n', '/run/token': 'a-very-secret-token' },
    });
    const byKey = Object.fromEntries(settings.map(({ key, value, origin }) => [key, [value, origin]]));
    expect(byKey).toMatchObject({
      PORT: ['81', 'command line'],
      ENCRYPTION_KEY: ['********', 'environment'],
      API_TOKEN: ['********', 'file /run/token'],
      LOG_LEVEL: ['debug', `file ${CONFIG_YAML}`],
      HOST: ['127.0.0.1', 'default'],
      DATABASE_URL: [null, 'default'],
    });
    expect(JSON.stringify(settings)).not.toContain('very-secret');
  });

  it('treats an empty variable as not set', () => {
    expect(load({ env: { PORT: '', DOCKER_HOST: '' } }).configuration).toMatchObject({ port: 8080, dockerHost: null });
  });

  it('reads a list of mail addresses from text or from a YAML list', () => {
    const mail = { NOTIFY_SMTP_URL: 'smtp://mail:25', NOTIFY_EMAIL_FROM: 'Updates <auto@example.org>' };
    const expected = { smtpUrl: 'smtp://mail:25', from: 'Updates <auto@example.org>', to: ['a@x.org', 'b@x.org'] };
    const fromText = load({ env: { ...mail, NOTIFY_EMAIL_TO: 'a@x.org, b@x.org' } });
    const fromYaml = load({ env: mail, files: { [CONFIG_YAML]: 'NOTIFY_EMAIL_TO: [a@x.org, b@x.org]\n' } });
    expect(fromText.configuration.notifications.email).toEqual(expected);
    expect(fromYaml.configuration.notifications.email).toEqual(expected);
  });

  it('makes paths absolute and understands ~', () => {
    expect(load({ env: { DATA_DIR: '~/here' } }).configuration.dataDir).toBe('/home/someone/here');
    expect(load({ env: { DATA_DIR: 'here' } }).configuration.dataDir).toBe(`${process.cwd()}/here`);
  });

  it('looks for config.yaml in the data directory that was asked for, or where --config says', () => {
    expect(load({ flags: { DATA_DIR: '/d' }, files: { '/d/config.yaml': 'PORT: 5' } }).configuration.port).toBe(5);
    const elsewhere = { configPath: '/etc/auto.yaml', files: { '/etc/auto.yaml': 'PORT: 6\nDATA_DIR: /srv/auto\n' } };
    expect(load(elsewhere).configuration).toMatchObject({ port: 6, dataDir: '/srv/auto' });
    expect(() => load({ configPath: '/etc/none.yaml' })).toThrow(
      '--config is "/etc/none.yaml", and there is no such file.',
    );
  });

  it.each<[SettingKey, string]>([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', 'http'],
    ['HOST', 'two words'],
    ['DATABASE_URL', 'mysql://root@db/x'],
    ['DATABASE_URL', 'localhost'],
    ['TEMPORAL_ADDRESS', 'http://temporal:7233'],
    ['TEMPORAL_ADDRESS', 'temporal'],
    ['TEMPORAL_NAMESPACE', 'a b'],
    ['DOCKER_HOST', '/var/run/docker.sock'],
    ['DOCKER_HOST', 'ftp://host'],
    ['ENCRYPTION_KEY', 'too-short'],
    ['ENCRYPTION_KEY', 'zz'.repeat(32)],
    ['API_TOKEN', 'short'],
    ['API_TOKEN', 'with blanks in it, yes'],
    ['DATA_DIR', 'a\0b'],
    ['LOG_LEVEL', 'loud'],
    ['TZ', 'Mars/Olympus'],
    ['DEFAULT_POLICY', 'sometimes'],
    ['NOTIFY_WEBHOOK_URL', 'example.org/hook'],
    ['NOTIFY_SMTP_URL', 'http://mail'],
    ['NOTIFY_EMAIL_FROM', 'nobody'],
    ['NOTIFY_EMAIL_TO', 'a@x.org,nobody'],
    ['UPDATE_SOAK_SECONDS', '10s'],
    ['UPDATE_SOAK_SECONDS', '86401'],
    ['UPDATE_KEEP_IMAGES', '-1'],
  ])('refuses %s=%j with the name, the value unless it is secret, and what is allowed', (key, value) => {
    const { secret, allowed } = metaOf(key);
    const shown = secret ? '********' : JSON.stringify(value);
    expect(() => load({ env: { [key]: value } })).toThrow(`${key} is ${shown} (environment); allowed: ${allowed}.`);
  });

  it('names every problem at once', () => {
    const bad = () => load({ env: { PORT: 'x', LOG_LEVEL: 'y' }, files: { [CONFIG_YAML]: 'COLOUR: red\n' } });
    expect(bad).toThrow(/COLOUR in .*config\.yaml is no known setting.*\n.*PORT is "x".*\n.*LOG_LEVEL is "y"/);
  });

  it.each([
    ['a value that is a mapping', 'PORT: {a: 1}', 'PORT in /home/someone/.docker-auto/config.yaml is no single value'],
    ['a file that is no mapping', '- PORT', 'must hold settings as'],
    ['broken YAML', 'PORT: [', 'is not valid YAML'],
    ['its own directory', 'DATA_DIR: /x', "DATA_DIR can't be set in"],
  ])('refuses in config.yaml %s', (_what, content, message) => {
    expect(() => load({ files: { [CONFIG_YAML]: content } })).toThrow(message);
  });

  it('refuses a secret file that is not there', () => {
    expect(() => load({ env: { API_TOKEN_FILE: '/run/none' } })).toThrow(
      'API_TOKEN_FILE is "/run/none", and there is no',
    );
  });

  it('refuses half of a mail configuration, and a signing secret without an address', () => {
    expect(() => load({ env: { NOTIFY_SMTP_URL: 'smtp://mail' } })).toThrow(
      'NOTIFY_EMAIL_FROM and NOTIFY_EMAIL_TO not set',
    );
    expect(() => load({ env: { NOTIFY_WEBHOOK_SECRET: 's' } })).toThrow('without NOTIFY_WEBHOOK_URL');
  });

  it('is listed whole in .env.example, whose values are the defaults', () => {
    const lines = readFileSync('.env.example', 'utf8').split('\n');
    const listed = lines.flatMap((line) => /^#?([A-Z_]+)=/.exec(line)?.[1] ?? []);
    expect(listed).toEqual(SETTING_KEYS);
    const env = Object.fromEntries(lines.filter((line) => /^[A-Z_]+=/.test(line)).map((line) => line.split('=')));
    expect(load({ env }).configuration).toEqual(load({}).configuration);
  });
});
