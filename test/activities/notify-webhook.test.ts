import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sendWebhook } from '../../activities/notify/send-webhook.ts';
import { startWebhookReceiver, type WebhookReceiver } from './notify-receivers.ts';

const delivery = {
  deliveryKey: 'u1:updated:webhook',
  event: 'updated',
  subject: 'web was updated',
  text: 'web was updated – ÄÖ.',
  payload: { updateId: 'u1', containerName: 'web', downtimeMs: 412 },
};

let receiver: WebhookReceiver;
beforeEach(async () => {
  receiver = await startWebhookReceiver();
});
afterEach(() => receiver.close());

describe('the webhook channel', () => {
  it('posts the facts as JSON, signed so that the receiver can verify body and time', async () => {
    await sendWebhook({ url: `${receiver.url}/hook?room=7`, secret: 'quite secret' }, delivery);
    const [post] = receiver.received;
    expect(post?.path).toBe('/hook?room=7');
    expect(post?.headers['content-type']).toBe('application/json');
    expect(post?.headers['x-docker-auto-event']).toBe('updated');
    expect(post?.headers['x-docker-auto-delivery']).toBe('u1:updated:webhook');
    const timestamp = String(post?.headers['x-docker-auto-timestamp']);
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(10);
    const expected = createHmac('sha256', 'quite secret').update(`${timestamp}.${post?.body}`).digest('hex');
    expect(post?.headers['x-docker-auto-signature']).toBe(`sha256=${expected}`);
    expect(JSON.parse(post?.body ?? '')).toEqual({
      updateId: 'u1',
      containerName: 'web',
      downtimeMs: 412,
      event: 'updated',
      deliveryKey: 'u1:updated:webhook',
      subject: 'web was updated',
      text: 'web was updated – ÄÖ.',
    });
  });

  it('does not sign without a secret', async () => {
    await sendWebhook({ url: receiver.url, secret: null }, delivery);
    expect(receiver.received[0]?.headers['x-docker-auto-signature']).toBeUndefined();
  });

  it('sends a login in the URL as basic authentication', async () => {
    await sendWebhook({ url: receiver.url.replace('//', '//me:p%40ss@') }, delivery);
    expect(receiver.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  });

  it.each([400, 404, 500, 503])('counts HTTP %i as not delivered and names the host, not the query', async (status) => {
    receiver.answers.push(status);
    const sending = sendWebhook({ url: `${receiver.url}/hook?token=geheim`, secret: 'quite secret' }, delivery);
    await expect(sending).rejects.toMatchObject({
      type: 'NotifyFailed',
      message: expect.stringContaining(`HTTP ${status}`),
    });
    const told = await sending.catch((error: Error) => error.message);
    expect(told).toContain(new URL(receiver.url).host);
    expect(told).not.toMatch(/geheim|quite secret/);
  });

  it('follows no redirect, so the facts reach the configured place only', async () => {
    receiver.answers.push(302);
    await expect(sendWebhook({ url: receiver.url }, delivery)).rejects.toMatchObject({ type: 'NotifyFailed' });
    expect(receiver.received).toHaveLength(1);
  });

  it('gives up on a receiver that never answers', async () => {
    receiver.answers.push(null);
    await expect(sendWebhook({ url: receiver.url }, delivery, 300)).rejects.toMatchObject({
      type: 'NotifyFailed',
      message: expect.stringContaining('did not answer within'),
    });
  });

  it('says that a receiver which is away refused the connection', async () => {
    await receiver.close();
    await expect(sendWebhook({ url: receiver.url }, delivery)).rejects.toMatchObject({
      message: expect.stringContaining('refused the connection'),
    });
  });

  it('says that a URL is none without showing it', async () => {
    await expect(sendWebhook({ url: 'geheim' }, delivery)).rejects.toMatchObject({
      type: 'NotifyFailed',
      message: expect.not.stringContaining('geheim'),
    });
  });
});
