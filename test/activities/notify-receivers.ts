import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedPost {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface WebhookReceiver {
  url: string;
  received: ReceivedPost[];
  /** Statuses of the next answers; 200 when used up. `null` never answers. */
  answers: Array<number | null>;
  close(): Promise<void>;
}

function portOf(server: Pick<Server, 'address'>): number {
  return (server.address() as AddressInfo).port;
}

/** A real HTTP server that keeps what is posted to it. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedPost[] = [];
  const answers: Array<number | null> = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      const status = answers.length > 0 ? answers.shift() : 200;
      if (status === null || status === undefined) return;
      response.writeHead(status, status === 302 ? { location: `http://127.0.0.1:${portOf(server)}/elsewhere` } : {});
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    received,
    answers,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export interface MailReceiver {
  port: number;
  /** Raw messages. */
  received: string[];
  /** Addresses that the server refuses. */
  refused: Set<string>;
  close(): Promise<void>;
}

/** A real SMTP server that keeps the messages; with a password it wants a login of `robot`. */
export async function startMailReceiver(password?: string): Promise<MailReceiver> {
  const received: string[] = [];
  const refused = new Set<string>();
  const server = new SMTPServer({
    disabledCommands: password === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: password === undefined,
    onAuth(login, _session, done) {
      if (login.username === 'robot' && login.password === password) done(null, { user: 'robot' });
      else done(new Error('Wrong login'));
    },
    onRcptTo(address, _session, done) {
      done(refused.has(address.address) ? new Error('No such mailbox') : null);
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push(Buffer.concat(chunks).toString('utf8'));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: portOf(server.server as unknown as Server),
    received,
    refused,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
