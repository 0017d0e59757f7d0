import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { composeNotification } from '../../activities/notify/compose-notification.ts';
import { createNotifyActivities } from '../../activities/notify/create-notify-activities.ts';
import { outboxEntriesFor } from '../../activities/notify/outbox-entries.ts';
import { type FreshDatabase, type RealPostgres, startRealPostgres } from '../db/real-postgres.ts';
import { closingUpdate, openingUpdate } from '../db/samples.ts';
import {
  type MailReceiver,
  startMailReceiver,
  startWebhookReceiver,
  type WebhookReceiver,
} from './notify-receivers.ts';
import { anUpdateResult } from './notify-update-result.ts';

let postgres: RealPostgres;
let database: FreshDatabase;
let webhook: WebhookReceiver;
let mail: MailReceiver;

beforeAll(async () => {
  postgres = await startRealPostgres();
  database = await postgres.freshDatabase();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  webhook = await startWebhookReceiver();
  mail = await startMailReceiver();
});
afterEach(async () => {
  await webhook.close();
  await mail.close();
});

const channels = () => ({
  webhook: { url: webhook.url, secret: 'quite secret' },
  email: { smtpUrl: `smtp://127.0.0.1:${mail.port}`, from: 'robot@mail.test', to: ['a@mail.test'] },
});

/** An update that has ended and left its notifications. */
async function endedUpdate(): Promise<string> {
  const updateId = randomUUID();
  const told = composeNotification(
    anUpdateResult({ updateId, outcome: 'rollback', errorType: 'probe' }),
    'the last line',
  );
  await database.repositories.updates.open(openingUpdate({ updateId }));
  await database.repositories.updates.close(
    closingUpdate(updateId, { notifications: outboxEntriesFor(told, updateId, channels()) }),
  );
  return updateId;
}

const activities = () => createNotifyActivities({ repositories: database.repositories, channels: channels() });

describe('delivery of what an update left in the outbox', () => {
  it('reaches every channel once, however often it is asked for', async () => {
    const updateId = await endedUpdate();
    expect(await activities().deliverNotifications({ updateId })).toEqual({ delivered: 2, refusedRecipients: [] });
    expect(await activities().deliverNotifications({ updateId })).toEqual({ delivered: 0, refusedRecipients: [] });
    expect(webhook.received).toHaveLength(1);
    expect(webhook.received[0]?.headers['x-docker-auto-delivery']).toBe(`${updateId}:rolled_back:webhook`);
    expect(JSON.parse(webhook.received[0]?.body ?? '')).toMatchObject({
      updateId,
      errorType: 'probe',
      logTail: 'the last line',
    });
    expect(mail.received).toHaveLength(1);
  });

  it('delivers to the other channels when one fails, and on trying again to that one only', async () => {
    const updateId = await endedUpdate();
    webhook.answers.push(503);
    await expect(activities().deliverNotifications({ updateId })).rejects.toMatchObject({
      type: 'NotifyFailed',
      message: expect.stringMatching(/1 of 2 notifications .* remain.*HTTP 503/),
    });
    expect(mail.received).toHaveLength(1);
    const [left] = await database.repositories.outbox.pendingFor(updateId);
    expect(left).toMatchObject({ channel: 'webhook', attempts: 1 });

    expect(await activities().deliverNotifications({ updateId })).toMatchObject({ delivered: 1 });
    expect(mail.received).toHaveLength(1);
    expect(webhook.received).toHaveLength(2);
    expect(webhook.received[1]?.headers['x-docker-auto-delivery']).toBe(
      webhook.received[0]?.headers['x-docker-auto-delivery'],
    );
  });

  it('repeats under the same key what was sent but could not be marked, rather than losing it', async () => {
    const updateId = await endedUpdate();
    const { outbox } = database.repositories;
    const forgetful = { ...outbox, markDelivered: () => Promise.reject(new Error('the database went away')) };
    const first = createNotifyActivities({ repositories: { outbox: forgetful }, channels: channels() });
    await expect(first.deliverNotifications({ updateId })).rejects.toThrow('the database went away');
    await activities().deliverNotifications({ updateId });
    const keys = webhook.received.map(({ headers }) => headers['x-docker-auto-delivery']);
    expect(keys).toEqual([`${updateId}:rolled_back:webhook`, `${updateId}:rolled_back:webhook`]);
  });

  it('keeps what is for a channel that is no longer configured, and says so', async () => {
    const updateId = await endedUpdate();
    const withoutMail = createNotifyActivities({
      repositories: database.repositories,
      channels: { webhook: channels().webhook },
    });
    await expect(withoutMail.deliverNotifications({ updateId })).rejects.toMatchObject({
      message: expect.stringContaining('email is no longer configured'),
    });
    expect(webhook.received).toHaveLength(1);
    expect(await database.repositories.outbox.pendingFor(updateId)).toHaveLength(1);
  });
});
