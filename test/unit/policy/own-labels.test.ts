import { describe, expect, it } from '@jest/globals';
import { effectivePolicy } from '../../../domain/policy/effective-policy.ts';
import { DEFAULT_SETTINGS, type PolicySettings, type Setting } from '../../../domain/policy/policy-settings.ts';

const read = (labels: Record<string, string>) => effectivePolicy({ labels });

describe('a label of ours', () => {
  it.each<[string, string, Partial<PolicySettings>]>([
    ['enable', 'false', { policy: 'ignore' }],
    ['enable', ' NO ', { policy: 'ignore' }],
    ['policy', 'Scheduled', { policy: 'scheduled' }],
    ['policy', ' approval', { policy: 'approval' }],
    ['tag-rule', 'digest', { tagRule: 'digest' }],
    ['tag-rule', ' Newest ', { tagRule: 'newest' }],
    ['tag-rule', 'PINNED', { tagRule: 'pinned' }],
    ['tag-rule', 'SemVer: ^1.2 ', { tagRule: 'semver:^1.2' }],
    ['tag-rule', 'semver:minor', { tagRule: 'semver:minor' }],
    ['tag-rule', 'regex:^V(\\d+)$', { tagRule: 'regex:^V(\\d+)$' }],
    ['include', ' ^\\d+$ ', { include: '^\\d+$' }],
    ['exclude', 'RC', { exclude: 'RC' }],
    ['exclude', ' ', { exclude: null }],
    ['min-age', '3d', { minAgeSeconds: 259_200 }],
    ['min-age', '0', { minAgeSeconds: 0 }],
    ['window', '0 3 * * * 2h Europe/Berlin', { window: '0 3 * * * 2h Europe/Berlin' }],
    ['strategy', 'Blue-Green', { strategy: 'blue_green' }],
    ['strategy', 'canary', { strategy: 'canary' }],
    ['strategy', 'rolling', { strategy: 'rolling' }],
    ['strategy', 'parallel', { strategy: 'parallel' }],
    ['strategy', 'recreate', { strategy: 'recreate' }],
    ['group', 'shop', { group: 'shop' }],
    [
      'depends-on',
      '/db, cache:restart,,:restart',
      {
        dependsOn: [
          { name: 'db', restart: false },
          { name: 'cache', restart: true },
        ],
      },
    ],
    ['soak', '0', { soakSeconds: 0 }],
    ['health-deadline', '1m30s', { healthDeadlineSeconds: 90 }],
    ['rollback', 'off', { autoRollback: false }],
    ['rollback', 'TRUE', { autoRollback: true }],
    ['stop-first', '1', { stopFirst: true }],
    ['hook.pre', ' Dump.sh ', { hookPre: 'Dump.sh' }],
    ['hook.post', 'warm.sh', { hookPost: 'warm.sh' }],
    ['hook.timeout', '5m', { hookTimeoutSeconds: 300 }],
    ['link', 'https://example.org/{{tag}}', { link: 'https://example.org/{{tag}}' }],
    ['writable-layer', 'CARRY', { writableLayer: 'carry' }],
  ])('%s=%j is understood', (name, value, expected) => {
    const { settings, origins, problems, notes } = read({ [`docker-auto.${name}`]: value });
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, ...expected });
    expect({ problems, notes }).toEqual({ problems: [], notes: [] });
    for (const [setting, origin] of Object.entries(origins))
      expect(origin).toBe(setting in expected ? `docker-auto.${name}` : 'default');
  });

  it.each<[string, string, Setting, string]>([
    ['policy', '', 'policy', 'is no policy; allowed are auto, scheduled, approval, manual, ignore.'],
    ['enable', 'maybe', 'policy', 'is neither true nor false; it is taken as not set.'],
    ['tag-rule', 'latest', 'tagRule', 'is no tag rule; write digest, semver:…, regex:…, newest or pinned.'],
    ['tag-rule', 'semver: ', 'tagRule', 'is no tag rule'],
    ['tag-rule', 'regex', 'tagRule', 'is no tag rule'],
    ['min-age', 'a week', 'minAgeSeconds', 'is no duration; write it as 10s, 2m, 1h30m or plain seconds.'],
    ['soak', '-1', 'soakSeconds', 'is no duration'],
    ['health-deadline', '', 'healthDeadlineSeconds', 'is no duration'],
    ['hook.timeout', '0', 'hookTimeoutSeconds', 'is no duration above zero'],
    [
      'strategy',
      'big bang',
      'strategy',
      'is no strategy; allowed are recreate, blue_green, rolling, canary, parallel.',
    ],
    ['rollback', 'never', 'autoRollback', 'is neither true nor false. The default, true, is used.'],
    ['stop-first', '', 'stopFirst', 'is neither true nor false. The default, false, is used.'],
  ])('%s=%j is told, and the default counts', (name, value, setting, message) => {
    const { settings, origins, problems } = read({ [`docker-auto.${name}`]: value });
    expect(settings).toEqual(DEFAULT_SETTINGS);
    expect(origins[setting]).toBe('default');
    expect(problems).toEqual([expect.stringContaining(`Label docker-auto.${name}="${value}" ${message}`)]);
  });

  it('is named where it is none that there is', () => {
    expect(read({ 'docker-auto.polcy': 'auto' }).problems).toEqual([
      expect.stringMatching(/^Label docker-auto\.polcy is none that is known here.* policy, tag-rule, /),
    ]);
  });

  it('that would let a hook run for longer than its step is cut, and that is told', () => {
    const { settings, notes } = read({ 'docker-auto.hook.timeout': '30d' });
    expect(settings.hookTimeoutSeconds).toBe(23 * 3600);
    expect(notes).toEqual(['Label docker-auto.hook.timeout is taken as 23 hours, the longest that a hook may run.']);
  });

  it('is shown in a message only in part where it is long', () => {
    expect(read({ 'docker-auto.strategy': 'x'.repeat(5_000) }).problems[0]?.length).toBeLessThan(300);
  });
});
