import type { EntityManager } from '@mikro-orm/postgresql';

/** The channel that API processes listen on. */
const EVENTS_CHANNEL = 'docker_auto_events';

/** What changed, not how: PostgreSQL limits a payload to 8000 bytes and it is no place for secrets. Listeners read it. */
export interface UpdateSignal {
  tenantId: string;
  updateId: string;
  /** The highest `seq` that was added, or null when the update's row itself changed. */
  lastSeq: number | null;
}

/** Wakes the listeners when the surrounding transaction commits; a rolled back one wakes nobody. */
export async function notifyListeners(tx: EntityManager, signal: UpdateSignal): Promise<void> {
  await tx.execute('select pg_notify(?, ?)', [EVENTS_CHANNEL, JSON.stringify(signal)]);
}
