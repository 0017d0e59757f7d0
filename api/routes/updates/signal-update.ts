import { idParams } from '../../../contracts/api/query-values.ts';
import { updateSignalledSchema } from '../../../contracts/api/updates.ts';
import { defineRoute, type Route } from '../../define-route.ts';
import { HttpError } from '../../errors/http-error.ts';
import { knownUpdate } from './known-update.ts';
import { isOpen } from './present-update.ts';

/** `POST /updates/{id}/cancel`: undoes the update; honoured until commit. */
export const cancelUpdate = signalRoute('cancel');
/** `POST /updates/{id}/pause`: the update stops before its next step. */
export const pauseUpdate = signalRoute('pause');
/** `POST /updates/{id}/resume`: a paused update goes on. */
export const resumeUpdate = signalRoute('resume');

/** 202 once the workflow server has the message; 409 when the update has ended. */
function signalRoute(verb: 'cancel' | 'pause' | 'resume'): Route {
  return defineRoute({
    method: 'post',
    path: `/updates/:id/${verb}`,
    access: 'token',
    params: idParams,
    data: updateSignalledSchema,
    async run({ params }, context) {
      const update = await knownUpdate(context, params.id);
      const { id, workflowId, status } = update;
      if (!isOpen(update)) throw ended(`it ended as "${status}"`);
      if (!(await context.temporal[verb](update))) throw ended('its run has ended');
      return { status: 202, message: 'accepted', data: { update_id: id, workflow_id: workflowId, status } };

      function ended(how: string): HttpError {
        return new HttpError(409, `Update ${id} can't take "${verb}": ${how}.`);
      }
    },
  });
}
