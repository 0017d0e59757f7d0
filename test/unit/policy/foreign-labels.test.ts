import { describe, expect, it } from '@jest/globals';
import { effectivePolicy } from '../../../domain/policy/effective-policy.ts';
import { DEFAULT_SETTINGS, type PolicySettings } from '../../../domain/policy/policy-settings.ts';

type Labels = Record<string, string>;
const WT = 'com.centurylinklabs.watchtower.';
const AUTO_UPDATE = 'io.containers.autoupdate';
const watchtower = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [WT + name, value]));

/** Of a host on which everything is updated by default, so that a label that forbids it is told from none. */
const read = (labels: Labels) => effectivePolicy({ labels, defaults: { policy: 'scheduled' } });
const changes = (labels: Labels) => {
  const { settings } = read(labels);
  const defaults: PolicySettings = { ...DEFAULT_SETTINGS, policy: 'scheduled' };
  return Object.fromEntries(
    Object.entries(settings).filter(([setting, value]) => value !== defaults[setting as keyof PolicySettings]),
  );
};

describe('what other tools’ labels set', () => {
  it.each<[string, Labels, Partial<PolicySettings>]>([
    ['Watchtower was asked to update it', watchtower({ enable: 'true' }), { policy: 'auto' }],
    ['Watchtower was asked in Go’s words', watchtower({ enable: ' T ' }), { policy: 'auto' }],
    ['Watchtower leaves it alone', watchtower({ enable: 'FALSE' }), { policy: 'ignore' }],
    ['an empty label says nothing', watchtower({ enable: '', 'monitor-only': ' ' }), {}],
    ['Watchtower only looks at it', watchtower({ 'monitor-only': 'true' }), { policy: 'manual' }],
    ['monitor-only=false alone asks for nothing', watchtower({ 'monitor-only': 'false' }), {}],
    ['looking only is the more careful', watchtower({ enable: 'true', 'monitor-only': '1' }), { policy: 'manual' }],
    [
      'leaving alone is the most careful',
      watchtower({ enable: 'false', 'monitor-only': 'true' }),
      { policy: 'ignore' },
    ],
    ['Watchtower does not pull it', watchtower({ enable: 'true', 'no-pull': 'true' }), { policy: 'manual' }],
    ['no-pull=false is as always', watchtower({ enable: 'true', 'no-pull': 'false' }), { policy: 'auto' }],
    ['one that can’t be read may have forbidden it', watchtower({ enable: 'true', 'monitor-only': 'ture' }), {}],
    [
      'Watchtower’s hooks',
      watchtower({ 'lifecycle.pre-update': ' /dump.sh ', 'lifecycle.post-update': '/warm.sh' }),
      { hookPre: '/dump.sh', hookPost: '/warm.sh' },
    ],
    [
      'a limit is in minutes',
      watchtower({ 'lifecycle.pre-update': 'a', 'lifecycle.pre-update-timeout': '5' }),
      { hookPre: 'a', hookTimeoutSeconds: 300 },
    ],
    [
      'the limit after the update',
      watchtower({ 'lifecycle.post-update': 'a', 'lifecycle.post-update-timeout': '2' }),
      { hookPost: 'a', hookTimeoutSeconds: 120 },
    ],
    [
      'no limit is the longest there is',
      watchtower({ 'lifecycle.pre-update': 'a', 'lifecycle.pre-update-timeout': '0' }),
      { hookPre: 'a', hookTimeoutSeconds: 82_800 },
    ],
    [
      'the longer of two limits',
      watchtower({
        'lifecycle.pre-update': 'a',
        'lifecycle.pre-update-timeout': '3',
        'lifecycle.post-update': 'b',
        'lifecycle.post-update-timeout': '10',
      }),
      { hookPre: 'a', hookPost: 'b', hookTimeoutSeconds: 600 },
    ],
    ['a limit of no hook', watchtower({ 'lifecycle.pre-update-timeout': '5' }), {}],
    [
      'Watchtower’s dependencies',
      watchtower({ 'depends-on': 'db,/cache' }),
      {
        dependsOn: [
          { name: 'db', restart: true },
          { name: 'cache', restart: true },
        ],
      },
    ],
    ['WUD does not watch it', { 'wud.watch': 'False' }, { policy: 'ignore' }],
    ['WUD watches it, as everything here', { 'wud.watch': 'true' }, {}],
    ['WUD’s filter', { 'wud.tag.include': '^\\d+$' }, { include: '^\\d+$', tagRule: 'semver:major' }],
    ['WUD’s other filter', { 'wud.tag.exclude': 'rc' }, { exclude: 'rc', tagRule: 'semver:major' }],
    [
      'WUD’s filter of tags that it changes first',
      { 'wud.tag.include': '^\\d+$', 'wud.tag.transform': '^(\\d+)-.*$ => $1' },
      { include: '^\\d+$' },
    ],
    ['WUD’s digests', { 'wud.watch.digest': 'true' }, {}],
    ['WUD’s link', { 'wud.link.template': `https://x/\${original}` }, { link: `https://x/\${original}` }],
    ['Diun does not watch it', { 'diun.enable': 'f' }, { policy: 'ignore' }],
    ['Diun watches it, as everything here', { 'diun.enable': 'true' }, {}],
    [
      'Diun’s filters',
      { 'diun.include_tags': '^1;; ^2 ', 'diun.exclude_tags': 'rc' },
      { include: '(?:^1)|(?:^2)', exclude: 'rc' },
    ],
    ['Podman updates it', { [AUTO_UPDATE]: 'registry' }, { policy: 'auto' }],
    ['Podman updates it, in its older word', { [AUTO_UPDATE]: ' Image ' }, { policy: 'auto' }],
    ['Podman looks among local images', { [AUTO_UPDATE]: 'local' }, { policy: 'manual' }],
    ['Podman does not update it', { [AUTO_UPDATE]: 'disabled' }, { policy: 'manual' }],
    ['Podman’s label is empty', { [AUTO_UPDATE]: '' }, {}],
  ])('%s', (_case, labels, expected) => {
    expect(changes(labels)).toEqual(expected);
  });

  it('has the label as its origin', () => {
    const { origins } = read({
      ...watchtower({ 'monitor-only': 'true', 'lifecycle.pre-update': 'a', 'lifecycle.pre-update-timeout': '2' }),
      'wud.tag.include': '^1',
      'diun.exclude_tags': 'rc',
    });
    expect(origins).toMatchObject({
      policy: `${WT}monitor-only`,
      hookPre: `${WT}lifecycle.pre-update`,
      hookTimeoutSeconds: `${WT}lifecycle.pre-update-timeout`,
      include: 'wud.tag.include',
      tagRule: 'wud.tag.include',
      exclude: 'diun.exclude_tags',
      link: 'default',
    });
  });

  it('is the same digest rule, not the default one, where Watchtower or Podman were asked', () => {
    expect(read(watchtower({ enable: 'true' })).origins.tagRule).toBe(`${WT}enable`);
    expect(read({ [AUTO_UPDATE]: 'registry' }).origins.tagRule).toBe(AUTO_UPDATE);
    expect(read({ 'wud.watch.digest': 'TRUE' }).origins.tagRule).toBe('wud.watch.digest');
  });
});

describe('a label of another tool that can’t be read', () => {
  it.each([
    [`${WT}enable`, 'yes', 'is neither true nor false; it is taken as not set.'],
    [`${WT}monitor-only`, '2', 'is neither true nor false'],
    [`${WT}no-pull`, 'on', 'is neither true nor false'],
    ['wud.watch', 'yes', 'is neither true nor false'],
    ['wud.watch.digest', '1', 'is neither true nor false'],
    ['diun.enable', 'yes', 'is neither true nor false'],
    ['diun.watch_repo', 'all', 'is neither true nor false'],
    [AUTO_UPDATE, 'always', 'is none of registry, image, local, disabled; it is taken as not set.'],
  ])('is told, and sets nothing: %s=%s', (name, value, message) => {
    expect(changes({ [name]: value })).toEqual({});
    expect(read({ [name]: value }).problems).toEqual([expect.stringContaining(`Label ${name}="${value}" ${message}`)]);
  });

  it.each(['5m', '-1', '1.5', '9'.repeat(12)])('is told where it limits a hook: %s', (value) => {
    const labels = watchtower({ 'lifecycle.pre-update': 'a', 'lifecycle.pre-update-timeout': value });
    expect(changes(labels)).toEqual({ hookPre: 'a' });
    expect(read(labels).problems).toEqual([
      `Label ${WT}lifecycle.pre-update-timeout="${value}" is no whole number of minutes; the default, 1, is used. Write one, or 0 for no limit.`,
    ]);
  });
});

describe('what nothing here acts on', () => {
  it.each([
    [`${WT}scope`, 'prod', 'there is one program for all containers'],
    [`${WT}stop-signal`, 'SIGHUP', 'stopped by its own stop signal'],
    [`${WT}lifecycle.pre-check`, 'a', 'nothing runs in containers that are only checked'],
    [`${WT}lifecycle.post-check`, 'a', 'nothing runs in containers that are only checked'],
    [`${WT}no-pull`, 'true', 'in the registry only'],
    [AUTO_UPDATE, 'local', 'not among those built on the host'],
    ['wud.tag.transform', 'a => b', 'tags are compared as they are'],
    ['wud.watch.digest', 'false', 'always looked for'],
    ['wud.trigger.include', 'docker.auto', 'docker-auto.policy=auto'],
    ['wud.trigger.exclude', 'smtp.mail', 'docker-auto.policy=auto'],
    ['diun.watch_repo', 'true', 'docker-auto.tag-rule'],
  ])('is told with the reason: %s=%s', (name, value, reason) => {
    const { notes, problems } = read({ [name]: value });
    expect(problems).toEqual([]);
    expect(notes).toEqual([
      expect.stringMatching(
        new RegExp(`^Label ${name.replaceAll('.', '\\.')} is understood, but not acted on: .*${reason}`),
      ),
    ]);
  });

  it('is told in one line where there is no more to say of it', () => {
    const { notes } = read({
      'wud.display.name': 'Shop',
      'wud.display.icon': 'mdi:cart',
      'diun.metadata.team': 'shop',
      [`${WT}cooldown-delay`]: '24h',
      [`${AUTO_UPDATE}.authfile`]: '/auth.json',
    });
    expect(notes).toEqual([
      `Not acted on, since nothing here corresponds to it: ${WT}cooldown-delay.`,
      'Not acted on, since nothing here corresponds to it: wud.display.icon, wud.display.name.',
      'Not acted on, since nothing here corresponds to it: diun.metadata.team.',
      `Not acted on, since nothing here corresponds to it: ${AUTO_UPDATE}.authfile.`,
    ]);
  });

  it('are two limits, of which the longer one counts', () => {
    const both = watchtower({
      'lifecycle.pre-update': 'a',
      'lifecycle.post-update': 'b',
      'lifecycle.post-update-timeout': '10',
    });
    expect(read(both).notes).toEqual([
      `Label ${WT}lifecycle.post-update-timeout counts for both hooks, since they have one limit here: 10 minutes.`,
    ]);
    const none = watchtower({ 'lifecycle.pre-update': 'a', 'lifecycle.pre-update-timeout': '0' });
    expect(read(none).notes).toEqual([
      `Label ${WT}lifecycle.pre-update-timeout="0" is taken as 23 hours, the longest that a hook may run here.`,
    ]);
  });
});

describe('two tools that disagree', () => {
  it.each<[string, Labels, PolicySettings['policy'], string]>([
    ['Watchtower and WUD', { [`${WT}enable`]: 'true', 'wud.watch': 'false' }, 'ignore', 'wud.watch'],
    [
      'Watchtower and Podman',
      { [`${WT}monitor-only`]: 'true', [AUTO_UPDATE]: 'registry' },
      'manual',
      `${WT}monitor-only`,
    ],
    ['Podman and Watchtower', { [`${WT}enable`]: 'true', [AUTO_UPDATE]: 'disabled' }, 'manual', AUTO_UPDATE],
    ['Diun and WUD', { 'diun.enable': 'false', 'wud.watch': 'true' }, 'ignore', 'diun.enable'],
  ])('%s: the more careful one counts', (_case, labels, policy, origin) => {
    const { settings, origins } = read(labels);
    expect([settings.policy, origins.policy]).toEqual([policy, origin]);
  });

  it('are told of, with the label that counts', () => {
    expect(read({ [`${WT}enable`]: 'true', [AUTO_UPDATE]: 'registry', 'wud.watch': 'false' }).notes).toEqual([
      `Label wud.watch counts, not ${WT}enable or ${AUTO_UPDATE}, which would set policy otherwise: the more careful one does.`,
    ]);
  });

  it('never let the one move a container to another tag that the other only updates in place', () => {
    const { settings, origins, notes } = read({ [`${WT}enable`]: 'true', 'wud.tag.include': '^\\d+$' });
    expect(settings).toMatchObject({ policy: 'auto', tagRule: 'digest', include: '^\\d+$' });
    expect(origins.tagRule).toBe(`${WT}enable`);
    expect(notes).toEqual([
      `Label ${WT}enable counts, not wud.tag.include, which would set tagRule otherwise: the more careful one does.`,
    ]);
  });

  it('about filters, of which none is more careful, leave it to the first', () => {
    const { settings, notes } = read({ 'diun.include_tags': '^2', 'wud.tag.include': '^1' });
    expect(settings.include).toBe('^1');
    expect(notes).toEqual([
      'Label wud.tag.include counts, not diun.include_tags, which would set include otherwise: one of them has to.',
    ]);
  });

  it('are not told of where they mean the same', () => {
    expect(read({ [`${WT}enable`]: 'true', [AUTO_UPDATE]: 'image' }).notes).toEqual([]);
  });
});
