import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import PostalMime from 'postal-mime';
import { sendEmail } from '../../activities/notify/send-email.ts';
import { type MailReceiver, startMailReceiver } from './notify-receivers.ts';

const delivery = {
  deliveryKey: 'u1:rolled_back:email',
  event: 'rolled_back',
  subject: '[docker-auto] web was rolled back – Ü',
  text: 'web was rolled back.\n\n<script>alert("x")</script> & more\n',
  payload: {},
};
const from = 'Docker-Auto <robot@mail.test>';

let server: MailReceiver;
beforeEach(async () => {
  server = await startMailReceiver('pa:ss');
});
afterEach(() => server.close());

const url = (login: string) => `smtp://${login}@127.0.0.1:${server.port}`;

describe('the email channel', () => {
  it('sends plain text and the same as escaped HTML, under an id that repeats with the delivery', async () => {
    const channel = { smtpUrl: url('robot:pa%3Ass'), from, to: ['a@mail.test', 'b@mail.test'] };
    await sendEmail(channel, delivery);
    await sendEmail(channel, delivery);
    const [first, second] = await Promise.all(server.received.map((raw) => PostalMime.parse(raw)));
    expect(first?.subject).toBe(delivery.subject);
    expect(first?.from?.address).toBe('robot@mail.test');
    expect(first?.to?.map(({ address }) => address)).toEqual(['a@mail.test', 'b@mail.test']);
    expect(first?.text?.trim()).toBe(delivery.text.trim());
    expect(first?.html).toContain('&lt;script&gt;');
    expect(first?.html).not.toContain('<script>');
    expect(first?.headers.find(({ key }) => key === 'x-docker-auto-delivery')?.value).toBe('u1:rolled_back:email');
    expect(first?.messageId).toBe('<u1.rolled_back.email@mail.test>');
    expect(second?.messageId).toBe(first?.messageId);
  });

  it('names the server but no password when the login is refused', async () => {
    const sending = sendEmail({ smtpUrl: url('robot:falsch'), from, to: ['a@mail.test'] }, delivery);
    await expect(sending).rejects.toMatchObject({
      type: 'NotifyFailed',
      message: expect.stringContaining('refused the login'),
    });
    const told = await sending.catch((error: Error) => error.message);
    expect(told).toContain(`127.0.0.1:${server.port}`);
    expect(told).not.toContain('falsch');
  });

  it('fails when every recipient is refused, and delivers to the others when only some are', async () => {
    server.refused.add('gone@mail.test');
    const smtpUrl = url('robot:pa%3Ass');
    await expect(sendEmail({ smtpUrl, from, to: ['gone@mail.test'] }, delivery)).rejects.toMatchObject({
      type: 'NotifyFailed',
      message: expect.stringContaining('No such mailbox'),
    });
    expect(await sendEmail({ smtpUrl, from, to: ['gone@mail.test', 'a@mail.test'] }, delivery)).toEqual([
      'gone@mail.test',
    ]);
    expect(server.received).toHaveLength(1);
  });

  it('fails when the server is away', async () => {
    await server.close();
    await expect(sendEmail({ smtpUrl: url('robot:x'), from, to: ['a@mail.test'] }, delivery)).rejects.toMatchObject({
      type: 'NotifyFailed',
      message: expect.stringContaining('could not be reached'),
    });
  });
});
