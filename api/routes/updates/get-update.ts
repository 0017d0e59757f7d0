import { idParams } from '../../../contracts/api/query-values.ts';
import { type LiveUpdate, updateDetailSchema } from '../../../contracts/api/updates.ts';
import type { UpdateDetail, UpdateEventRow } from '../../../db/read-models.ts';
import type { ApiContext } from '../../context.ts';
import { defineRoute } from '../../define-route.ts';
import type { RunningProgress } from '../../temporal/read-progress.ts';
import { knownUpdate } from './known-update.ts';
import { isOpen, presentUpdate } from './present-update.ts';

/** `GET /updates/{id}`: the record, its timeline, and what its running workflow knows beyond that. */
export const getUpdate = defineRoute({
  method: 'get',
  path: '/updates/:id',
  access: 'token',
  params: idParams,
  data: updateDetailSchema,
  async run({ params }, context) {
    const update = await knownUpdate(context, params.id);
    const asked = isOpen(update) ? await askWorkflow(context, update) : { progress: null, missing: null };
    const { progress, missing } = asked;
    const events = timeline(update, progress);
    return {
      data: {
        ...presentUpdate(update),
        log_tail: update.logTail,
        events,
        live: progress && presentLive(update, progress, events),
        live_missing: missing,
      },
    };
  },
});

/** The record can be read without Temporal, so its absence is told rather than thrown. */
async function askWorkflow(
  { temporal, log }: ApiContext,
  update: UpdateDetail,
): Promise<{ progress: RunningProgress | null; missing: string | null }> {
  try {
    return { progress: await temporal.progress(update), missing: null };
  } catch (error) {
    log.error({ update_id: update.id, err: error }, 'progress not known');
    return { progress: null, missing: 'The workflow server can’t tell how far this update is.' };
  }
}

/** The workflow knows lines that have not reached the database yet. */
function timeline(update: UpdateDetail, live: RunningProgress | null): UpdateEventRow[] {
  const stored = new Set(update.events.map(({ seq }) => seq));
  const newer = (live?.progress?.events ?? []).filter(({ seq }) => !stored.has(seq));
  return [...update.events, ...newer].sort((a, b) => a.seq - b.seq);
}

function presentLive(
  update: UpdateDetail,
  { progress, pull, waitingFor }: RunningProgress,
  events: UpdateEventRow[],
): LiveUpdate {
  return {
    status: progress?.status ?? update.status,
    step: progress?.step ?? events.at(-1)?.step ?? null,
    paused: progress?.paused ?? false,
    cancel_requested: progress?.cancelRequested ?? false,
    waiting_for: waitingFor,
    pull: pull && { bytes_done: pull.bytesDone, bytes_total: pull.bytesTotal },
  };
}
