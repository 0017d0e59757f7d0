import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { effectivePolicy } from '../../../domain/policy/effective-policy.ts';
import { policyFromLabels } from '../../../domain/policy/policy-from-labels.ts';
import { DEFAULT_SETTINGS, type PolicySettings, SETTINGS } from '../../../domain/policy/policy-settings.ts';

const WT = 'com.centurylinklabs.watchtower.';

describe('the effective policy', () => {
  const sources = {
    stored: { policy: 'approval', tagRule: 'pinned' } satisfies Partial<PolicySettings>,
    labels: {
      'docker-auto.policy': 'scheduled',
      'docker-auto.window': '0 3 * * * 2h UTC',
      [`${WT}enable`]: 'true',
      'docker-auto.hook.pre': 'ours.sh',
      [`${WT}lifecycle.pre-update`]: 'theirs.sh',
      [`${WT}lifecycle.post-update`]: 'after.sh',
    },
    defaults: { policy: 'auto', soakSeconds: 30 } satisfies Partial<PolicySettings>,
  };

  it('is, of each setting, what the API says, else our labels, else other tools’ labels, else the default', () => {
    const { settings, origins } = effectivePolicy(sources);
    expect(settings).toEqual({
      ...DEFAULT_SETTINGS,
      policy: 'approval',
      tagRule: 'pinned',
      window: '0 3 * * * 2h UTC',
      hookPre: 'ours.sh',
      hookPost: 'after.sh',
      soakSeconds: 30,
    });
    expect(origins).toMatchObject({
      policy: 'api',
      tagRule: 'api',
      window: 'docker-auto.window',
      hookPre: 'docker-auto.hook.pre',
      hookPost: `${WT}lifecycle.post-update`,
      soakSeconds: 'default',
      strategy: 'default',
    });
  });

  it.each<[string, Parameters<typeof effectivePolicy>[0], PolicySettings['policy'], string]>([
    [
      'the API counts also before enable=false',
      { ...sources, labels: { 'docker-auto.enable': 'false' } },
      'approval',
      'api',
    ],
    [
      'our label before another tool’s, also the less careful one',
      { labels: { 'docker-auto.policy': 'auto', [`${WT}enable`]: 'false' } },
      'auto',
      'docker-auto.policy',
    ],
    [
      'another tool’s before the default',
      { labels: { [`${WT}enable`]: 'false' }, defaults: { policy: 'auto' } },
      'ignore',
      `${WT}enable`,
    ],
    [
      'enable=true takes back that it is left alone',
      { labels: { 'docker-auto.enable': 'true', 'wud.watch': 'false' } },
      'manual',
      'default',
    ],
    [
      'enable=true takes back nothing else',
      { labels: { 'docker-auto.enable': 'true', [`${WT}enable`]: 'true' } },
      'auto',
      `${WT}enable`,
    ],
    ['an API’s record may leave it out', { stored: { group: 'shop' }, labels: {} }, 'manual', 'default'],
  ])('%s', (_case, given, policy, origin) => {
    const { settings, origins } = effectivePolicy(given);
    expect([settings.policy, origins.policy]).toEqual([policy, origin]);
  });

  it('can take away through the API what a label says', () => {
    const { settings, origins } = effectivePolicy({ stored: { hookPre: null }, labels: sources.labels });
    expect([settings.hookPre, origins.hookPre]).toEqual([null, 'api']);
  });

  it('has no hook where our label is there and empty, whatever another tool’s says', () => {
    const labels = { 'docker-auto.hook.pre': '', [`${WT}lifecycle.pre-update`]: 'theirs.sh' };
    expect(policyFromLabels(labels, 'manual').hooks.pre).toBeNull();
  });

  it('is the default, not another tool’s wish, where a label of ours that was to replace it can’t be read', () => {
    const labels = { 'docker-auto.policy': 'manul', [`${WT}enable`]: 'true' };
    const { settings, problems, notes } = effectivePolicy({ labels });
    expect(settings.policy).toBe('manual');
    expect(problems).toHaveLength(1);
    expect(notes).toEqual([
      `What ${WT}enable says of policy does not count, since a label of ours was meant to replace it and can't be read.`,
    ]);
  });

  it('tells of no label that can’t be read where the API has decided', () => {
    const labels = { 'docker-auto.policy': 'manul', 'docker-auto.soak': 'soon' };
    expect(effectivePolicy({ stored: { policy: 'auto' }, labels }).problems).toEqual([
      expect.stringContaining('docker-auto.soak'),
    ]);
  });

  it('gives an update what Watchtower’s hooks are', () => {
    const { hooks, policy, origins } = policyFromLabels(
      { [`${WT}enable`]: 'true', [`${WT}lifecycle.pre-update`]: 'a', [`${WT}lifecycle.pre-update-timeout`]: '2' },
      'manual',
    );
    expect({ hooks, policy, origin: origins.policy }).toEqual({
      hooks: { pre: 'a', post: null, timeoutSeconds: 120 },
      policy: 'auto',
      origin: `${WT}enable`,
    });
  });
});

describe('whatever labels there are', () => {
  const NAMES = [
    ...'enable policy tag-rule include exclude min-age window strategy group depends-on soak health-deadline rollback'
      .split(' ')
      .map((name) => `docker-auto.${name}`),
    ...['hook.pre', 'hook.post', 'hook.timeout', 'stop-first', 'link', 'writable-layer'].map(
      (name) => `docker-auto.${name}`,
    ),
    ...'enable monitor-only no-pull depends-on scope stop-signal lifecycle.pre-check lifecycle.pre-update'
      .split(' ')
      .map((name) => WT + name),
    ...['lifecycle.post-update', 'lifecycle.pre-update-timeout', 'lifecycle.post-update-timeout'].map(
      (name) => WT + name,
    ),
    ...'watch watch.digest tag.include tag.exclude tag.transform link.template'.split(' ').map((name) => `wud.${name}`),
    ...['diun.enable', 'diun.watch_repo', 'diun.include_tags', 'diun.exclude_tags', 'io.containers.autoupdate'],
  ];
  const VALUES = [
    'true',
    'FALSE',
    '1',
    '0',
    'auto',
    'ignore',
    'digest',
    'semver:minor',
    '5',
    '10m',
    '30d',
    'registry',
    'local',
  ];
  const name = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...NAMES) }, fc.string(), fc.constant('__proto__'));
  const value = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...VALUES) }, fc.string({ unit: 'binary' }));
  const labels = fc.dictionary(name, value, { maxKeys: 15 });

  it('no reading of them throws, and every value that is not the default has a label that is there', () => {
    fc.assert(
      fc.property(labels, (given) => {
        const { settings, origins } = effectivePolicy({ labels: given });
        for (const setting of SETTINGS) {
          const origin = origins[setting];
          if (origin === 'default') expect(settings[setting]).toEqual(DEFAULT_SETTINGS[setting]);
          else expect(Object.hasOwn(given, origin)).toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('what the API says is never changed by them', () => {
    const stored = { policy: 'approval', tagRule: 'pinned', hookTimeoutSeconds: 7 } satisfies Partial<PolicySettings>;
    fc.assert(
      fc.property(labels, (given) => {
        const { settings, origins } = effectivePolicy({ stored, labels: given });
        expect(settings).toMatchObject(stored);
        expect([origins.policy, origins.tagRule, origins.hookTimeoutSeconds]).toEqual(['api', 'api', 'api']);
      }),
    );
  });

  it('nothing is updated by itself where not one of them asks for it', () => {
    fc.assert(
      fc.property(labels, (given) => {
        const { settings, origins } = effectivePolicy({ labels: given });
        if (settings.policy !== 'auto') return;
        expect(['docker-auto.policy', `${WT}enable`, 'io.containers.autoupdate']).toContain(origins.policy);
      }),
    );
  });

  it('a hook’s limit is one that its step can keep', () => {
    fc.assert(
      fc.property(labels, (given) => {
        const { timeoutSeconds } = policyFromLabels(given, 'manual').hooks;
        expect(timeoutSeconds > 0 && timeoutSeconds < 86_400).toBe(true);
      }),
    );
  });
});
