import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isNativeError } from 'node:util/types';
import { z } from 'zod';
import type { ApiAddress } from './request.ts';

const announcement = z.object({ url: z.url(), token: z.string().min(1), pid: z.number() });

/**
 * The server that runs on this data directory, or null when there is none. A running server announces itself in
 * `run/api.json`; the file outlives a killed one, so it counts only when the server answers.
 */
export async function findLocalServer(dataDir: string): Promise<ApiAddress | null> {
  const announced = announcement.safeParse(readAnnouncement(path.join(dataDir, 'run', 'api.json')));
  if (!announced.success) return null;
  const { url, token } = announced.data;
  return (await answers(url)) ? { url, token } : null;
}

function readAnnouncement(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    // Not there, or cut off by a crash: either way no server can be found through it.
    if (error instanceof SyntaxError || (isNativeError(error) && 'code' in error)) return null;
    throw error;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/api/v1/livez', url), { signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    // Whatever keeps it from answering, it is no server that a command could use.
    return false;
  }
}
