import { createHmac } from 'node:crypto';
import { Agent, request } from 'undici';
import { TypedFailure } from '../../contracts/failure-types.ts';
import type { WebhookChannel } from './channels.ts';
import type { Delivery } from './stored-notification.ts';

const TIMEOUT_MS = 10_000;
/** The answer's body doesn't matter; more of it than this is not waited for. */
const ANSWER_BYTES = 64 * 1024;

function failed(host: string, why: string, cause?: unknown): TypedFailure {
  return new TypedFailure('NotifyFailed', `The webhook at ${host} did not take the notification: ${why}.`, { cause });
}

function whyNotReached(error: unknown): string {
  const { name, code } = (error ?? {}) as { name?: string; code?: string };
  if (name === 'TimeoutError' || /TIMEOUT/.test(code ?? '')) return `it did not answer within ${TIMEOUT_MS / 1000} s`;
  if (code === 'ECONNREFUSED') return 'it refused the connection';
  return `it could not be reached (${code ?? name ?? 'unknown error'})`;
}

/** Hex HMAC-SHA256 of `<timestamp>.<body>`; the timestamp within keeps an old delivery from being played again. */
function signature(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/**
 * Posts one notification as JSON. Headers: `X-Docker-Auto-Event`, `X-Docker-Auto-Delivery` (same for repeats),
 * `X-Docker-Auto-Timestamp` (seconds since the epoch) and, with a secret, `X-Docker-Auto-Signature`. Redirects are not
 * followed: the signed facts go to the configured place only.
 * @param timeoutMs for the whole exchange
 * @throws TypedFailure `NotifyFailed`, naming the host but neither query, password nor secret
 */
export async function sendWebhook(channel: WebhookChannel, delivery: Delivery, timeoutMs = TIMEOUT_MS): Promise<void> {
  if (!URL.canParse(channel.url)) throw failed('the configured URL', 'it is not a URL; correct the configuration');
  const url = new URL(channel.url);
  const { subject, text, payload, event, deliveryKey } = delivery;
  const body = JSON.stringify({ ...payload, event, deliveryKey, subject, text });
  const timestamp = String(Math.floor(Date.now() / 1000));
  // A connection of its own: a kept one may be stale by the next update, and repeating a POST is not ours to risk.
  const dispatcher = new Agent({ connect: { timeout: timeoutMs } });
  try {
    const answer = await request(withoutCredentials(url), {
      dispatcher,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'docker-auto',
        'x-docker-auto-event': event,
        'x-docker-auto-delivery': deliveryKey,
        'x-docker-auto-timestamp': timestamp,
        ...(!channel.secret ? {} : { 'x-docker-auto-signature': signature(channel.secret, timestamp, body) }),
        ...basicAuthorization(url),
      },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.statusCode < 200 || answer.statusCode > 299)
      throw failed(url.host, `it answered HTTP ${answer.statusCode}`);
    await answer.body.dump({ limit: ANSWER_BYTES });
  } catch (error) {
    throw error instanceof TypedFailure ? error : failed(url.host, whyNotReached(error), error);
  } finally {
    await dispatcher.destroy();
  }
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}

function basicAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(login, 'utf8').toString('base64')}` };
}
