import { createTransport } from 'nodemailer';
import { TypedFailure } from '../../contracts/failure-types.ts';
import type { EmailChannel } from './channels.ts';
import type { Delivery } from './stored-notification.ts';

/** Milliseconds for one step of the conversation, and for the whole of it. */
const STEP_TIMEOUT_MS = 10_000;
const TOTAL_TIMEOUT_MS = 30_000;

/** The same at every attempt, so that a mailbox can drop repeats. */
function messageId(deliveryKey: string, from: string): string {
  const domain = /@([a-z0-9.-]+)/i.exec(from)?.[1] ?? 'docker-auto.invalid';
  return `<${deliveryKey.replace(/[^A-Za-z0-9_-]+/g, '.')}@${domain}>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Host and port, or a placeholder: the URL itself holds the password. */
function serverOf(smtpUrl: string): string {
  return URL.canParse(smtpUrl) ? new URL(smtpUrl).host : 'the configured URL';
}

function whyNotSent(error: unknown): string {
  const { code, responseCode, response } = (error ?? {}) as { code?: string; responseCode?: number; response?: string };
  if (code === 'EABORT' || code === 'ETIMEDOUT') return 'it did not answer in time';
  if (code === 'EAUTH') return `it refused the login (${responseCode ?? code})`;
  if (responseCode !== undefined) return `it answered "${(response ?? String(responseCode)).slice(0, 200)}"`;
  return `it could not be reached (${code ?? 'unknown error'})`;
}

/**
 * Sends one notification by email, as plain text with the same as simple HTML.
 * @returns the recipients that the server refused while it took the message for others
 * @throws TypedFailure `NotifyFailed`, naming the server but no login
 */
export async function sendEmail(
  channel: EmailChannel,
  delivery: Delivery,
  timeoutMs = TOTAL_TIMEOUT_MS,
): Promise<string[]> {
  const transport = createTransport({
    url: channel.smtpUrl,
    connectionTimeout: STEP_TIMEOUT_MS,
    greetingTimeout: STEP_TIMEOUT_MS,
    socketTimeout: STEP_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const sent = await transport.sendMail({
      from: channel.from,
      to: channel.to,
      subject: delivery.subject,
      text: delivery.text,
      html: `<pre style="font: inherit; white-space: pre-wrap">${escapeHtml(delivery.text)}</pre>`,
      messageId: messageId(delivery.deliveryKey, channel.from),
      headers: {
        'X-Docker-Auto-Event': delivery.event,
        'X-Docker-Auto-Delivery': delivery.deliveryKey,
        'Auto-Submitted': 'auto-generated',
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    return sent.rejected.map(String);
  } catch (error) {
    throw new TypedFailure(
      'NotifyFailed',
      `The mail server ${serverOf(channel.smtpUrl)} did not take the notification: ${whyNotSent(error)}.`,
      {
        cause: error,
      },
    );
  } finally {
    transport.close();
  }
}
