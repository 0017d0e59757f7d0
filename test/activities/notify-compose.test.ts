import { describe, expect, it } from '@jest/globals';
import { composeNotification } from '../../activities/notify/compose-notification.ts';
import { outboxEntriesFor } from '../../activities/notify/outbox-entries.ts';
import { PASSING_FAILURES, PERMANENT_FAILURES } from '../../contracts/failure-types.ts';
import { anUpdateResult } from './notify-update-result.ts';

describe('what people are told of an update', () => {
  it('names container, versions with short digests, message and the way back after a success', () => {
    const told = composeNotification(anUpdateResult({ outcome: 'success' }), null);
    expect(told?.event).toBe('updated');
    expect(told?.subject).toBe('[docker-auto] web was updated to registry.test/web:2');
    expect(told?.text).toContain('From: registry.test/web:1 (sha256:aaaaaaaaaaaa)');
    expect(told?.text).toContain('To: registry.test/web:2 (sha256:bbbbbbbbbbbb)');
    expect(told?.text).toContain('Downtime: 412 ms');
    expect(told?.text).toContain('`docker-auto rollback 0190-u1`');
  });

  it('says after a rollback that the old version serves, why, and quotes the end of the log', () => {
    const log = Array.from({ length: 200 }, (_, line) => `line ${line}`).join('\n');
    const told = composeNotification(
      anUpdateResult({ outcome: 'rollback', errorType: 'probe', message: 'It never became healthy.' }),
      log,
    );
    expect(told?.event).toBe('rolled_back');
    expect(told?.text).toContain('It never became healthy.');
    expect(told?.text).toContain('Cause: probe');
    expect(told?.text).toContain('the previous version serves');
    expect(told?.text).toContain('--force');
    expect(told?.text).toContain('line 199');
    expect(told?.text).not.toContain('line 100\n');
    expect(told?.payload.logTail?.split('\n')).toHaveLength(40);
  });

  it.each([
    ['ImageRefInvalid', "correct the image's name"],
    ['ManifestNotFound', 'choose a tag that exists: `docker-auto update web --target TAG`'],
    ['RegistryAuthDenied', 'docker login'],
    ['PlatformMismatch', "an image for this host's platform"],
    ['ContainerNotFound', 'docker ps -a'],
    ['CreateRejected', 'mend what the engine names'],
    ['NoSpaceLeft', 'free some space'],
    ['PolicyDenied', 'docker-auto update web --force'],
    ['BackupMissing', 'not on the host any more'],
    ['Protected', 'update it by hand'],
    ['Unreproducible', 'take away what the message names'],
    ['EngineUnavailable', 'docker-auto doctor'],
    ['RegistryUnavailable', 'registry can be reached'],
    ['RegistryRateLimited', 'log in to the registry for a higher limit'],
    ['PullInterrupted', 'the way to the registry'],
    ['Terminated', 'it settles what was left'],
    ['SomethingElse', 'docker-auto history web'],
  ])('says what to do about %s', (errorType, advice) => {
    const told = composeNotification(
      anUpdateResult({ outcome: 'failed', errorType, to: null, downtimeMs: null }),
      null,
    );
    expect(told?.event).toBe('failed');
    expect(told?.text).toContain(advice);
    expect(told?.text).not.toContain('Downtime');
  });

  it.each([...PERMANENT_FAILURES, ...PASSING_FAILURES])('has advice of its own for %s', (errorType) => {
    const told = composeNotification(anUpdateResult({ outcome: 'failed', errorType }), null);
    expect(told?.text).not.toContain('docker-auto history');
  });

  it.each([
    ['CreateRejected', 'OCI runtime create failed: no such file', 'not tried again by itself'],
    ['CreateRejected', 'port is already allocated', 'mend what the engine names'],
    ['crashed', 'It crashed.', 'not tried again by itself'],
    ['Unexpected', 'Something odd.', 'mend the cause'],
  ])('tells a new version at fault from an engine at fault after a rollback: %s, %s', (errorType, message, advice) => {
    const told = composeNotification(anUpdateResult({ outcome: 'rollback', errorType, message }), null);
    expect(told?.text).toContain('nothing now, the previous version serves');
    expect(told?.text).toContain(advice);
  });

  it('sends a person to look when not even the old version came back', () => {
    const timings = [{ step: 'stop' as const, milliseconds: 10 }];
    const told = composeNotification(anUpdateResult({ outcome: 'failed', errorType: 'crashed', timings }), null);
    expect(told?.text).toContain('look now: both containers are kept');
  });

  it.each(['cancelled', 'expired'] as const)('tells of %s under its own event', (outcome) => {
    expect(composeNotification(anUpdateResult({ outcome }), null)?.event).toBe(outcome);
  });

  it('has nothing to tell of a container that was up to date', () => {
    const told = composeNotification(anUpdateResult({ outcome: 'up_to_date' }), null);
    expect(told).toBeNull();
    expect(outboxEntriesFor(told, 'u', { webhook: { url: 'https://hook.test' } })).toEqual([]);
  });

  it('leaves one message for each configured channel, keyed by update, event and channel', () => {
    const told = composeNotification(anUpdateResult({ outcome: 'success' }), null);
    const webhook = { url: 'https://hook.test' };
    const email = { smtpUrl: 'smtp://mail.test', from: 'a@mail.test', to: ['b@mail.test'] };
    expect(
      outboxEntriesFor(told, '0190-u1', { webhook, email }).map(({ deliveryKey, channel, event }) => [
        deliveryKey,
        channel,
        event,
      ]),
    ).toEqual([
      ['0190-u1:updated:webhook', 'webhook', 'updated'],
      ['0190-u1:updated:email', 'email', 'updated'],
    ]);
    expect(outboxEntriesFor(told, '0190-u1', { email })).toHaveLength(1);
    expect(outboxEntriesFor(told, '0190-u1', {})).toEqual([]);
  });
});
