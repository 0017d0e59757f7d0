import { describe, expect, it } from '@jest/globals';
import { parseDuration } from '../../../domain/duration.ts';
import { policyFromLabels } from '../../../domain/policy/policy-from-labels.ts';

describe('a duration', () => {
  it.each([
    ['10s', 10],
    ['2m', 120],
    ['1h30m', 5400],
    ['1d', 86_400],
    ['0', 0],
    ['45', 45],
    [' 1.5s ', 1.5],
    ['2M', 120],
    ['', null],
    ['s', null],
    ['-5s', null],
    ['10 s', null],
    ['10x', null],
    ['1m1h', null],
    ['9'.repeat(50), null],
  ])('%j is %j seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds));
});

describe('the policy of a container', () => {
  it('is the default where no label says anything', () => {
    expect(policyFromLabels({ team: 'shop' }, 'manual')).toEqual({
      policy: 'manual',
      soakSeconds: null,
      healthDeadlineSeconds: null,
      hooks: { pre: null, post: null, timeoutSeconds: 60 },
      writableLayer: null,
      tags: { rule: 'digest', ruleOrigin: 'default', include: null, exclude: null },
      origins: {
        policy: 'default',
        soakSeconds: 'default',
        healthDeadlineSeconds: 'default',
        writableLayer: 'default',
      },
      problems: [],
      notes: [],
    });
  });

  it('comes from its labels, and says from which', () => {
    const labels = {
      'docker-auto.policy': ' Auto ',
      'docker-auto.soak': '2m',
      'docker-auto.health-deadline': '90',
      'docker-auto.hook.pre': ' dump.sh ',
      'docker-auto.hook.post': '',
      'docker-auto.hook.timeout': '5m',
      'docker-auto.enable': 'true',
      'docker-auto.writable-layer': 'Carry ',
    };
    expect(policyFromLabels(labels, 'manual')).toEqual({
      policy: 'auto',
      soakSeconds: 120,
      healthDeadlineSeconds: 90,
      hooks: { pre: 'dump.sh', post: null, timeoutSeconds: 300 },
      writableLayer: 'carry',
      tags: { rule: 'digest', ruleOrigin: 'default', include: null, exclude: null },
      origins: {
        policy: 'docker-auto.policy',
        soakSeconds: 'docker-auto.soak',
        healthDeadlineSeconds: 'docker-auto.health-deadline',
        writableLayer: 'docker-auto.writable-layer',
      },
      problems: [],
      notes: [],
    });
  });

  it('is to be left alone when it is disabled, whatever else is said', () => {
    const { policy, origins } = policyFromLabels(
      { 'docker-auto.enable': 'false', 'docker-auto.policy': 'auto' },
      'auto',
    );
    expect(policy).toBe('ignore');
    expect(origins.policy).toBe('docker-auto.enable');
  });

  it('is the default where a label cannot be read, and every such label is named with what is allowed', () => {
    const { policy, soakSeconds, problems } = policyFromLabels(
      { 'docker-auto.policy': 'always', 'docker-auto.soak': 'soon', 'docker-auto.enable': 'flase' },
      'manual',
    );
    expect(policy).toBe('manual');
    expect(soakSeconds).toBeNull();
    expect(problems).toEqual([
      'Label docker-auto.policy="always" is no policy; allowed are auto, scheduled, approval, manual, ignore. The default, manual, is used.',
      'Label docker-auto.enable="flase" is neither true nor false; it is taken as not set.',
      'Label docker-auto.soak="soon" is no duration; write it as 10s, 2m, 1h30m or plain seconds. The default is used.',
    ]);
  });

  it('keeps files rather than losing them by a typing error', () => {
    const { writableLayer, problems } = policyFromLabels({ 'docker-auto.writable-layer': 'cary' }, 'manual');
    expect(writableLayer).toBe('refuse');
    expect(problems).toEqual([
      'Label docker-auto.writable-layer="cary" is none of warn, carry, refuse; it is taken as refuse, so that nothing is lost by it.',
    ]);
  });

  it('has the rule for its tags as it was written, so that one that can’t be read is not taken for another', () => {
    const tagsOf = (labels: Record<string, string>) => policyFromLabels(labels, 'manual').tags;
    expect(tagsOf({ 'docker-auto.tag-rule': 'pined', 'docker-auto.include': '^1' })).toEqual({
      rule: 'pined',
      ruleOrigin: 'docker-auto.tag-rule',
      include: '^1',
      exclude: null,
    });
    const taken = { 'docker-auto.tag-rule': '', 'wud.tag.include': '^1' };
    expect(tagsOf(taken)).toMatchObject({ rule: 'digest', ruleOrigin: 'docker-auto.tag-rule' });
    expect(policyFromLabels(taken, 'manual').problems).toEqual([]);
    expect(tagsOf({ 'wud.tag.include': '^1\\.' })).toEqual({
      rule: 'semver:major',
      ruleOrigin: 'wud.tag.include',
      include: '^1\\.',
      exclude: null,
    });
  });
});
