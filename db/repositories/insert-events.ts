import type { EntityManager } from '@mikro-orm/postgresql';
import { UpdateEvent } from '../entities/update-event.ts';
import type { UpdateEventRow } from '../read-models.ts';

/** Adds lines to the timeline, each `seq` of an update once. @throws Error of the database when the update was not opened */
export async function insertEvents(
  em: EntityManager,
  updateId: string,
  tenantId: string,
  events: readonly UpdateEventRow[],
): Promise<void> {
  if (events.length === 0) return;
  await em
    .createQueryBuilder(UpdateEvent)
    .insert(events.map((event) => ({ ...event, updateId, tenantId, at: new Date(event.at) })))
    .onConflict(['updateId', 'seq'])
    .ignore()
    .execute('run');
}
