import type { Response } from 'express';
import type { Envelope } from '../contracts/api/envelope.ts';

/** Sends an envelope; its `code` is the HTTP status. */
export function send(response: Response, status: number, data: unknown, message = 'success'): void {
  const envelope: Envelope<unknown> = { code: status, message, data, timestamp: new Date().toISOString() };
  response.status(status).json(envelope);
}
