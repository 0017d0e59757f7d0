/** The health verdict's reasons: with these the new version itself did not prove itself. */
const UNHEALTHY = new Set(['crashed', 'restarting', 'probe', 'deadline']);
/** Of an engine's refusals only those that the image causes: no such program in it, or one for another machine. */
const REFUSED_FOR_ITS_IMAGE = /OCI runtime|exec format|executable file not found/i;

/** Whether a failed update says something about the image itself, so that it is not tried again by itself. */
export function imageIsAtFault({ errorType, message }: { errorType: string | null; message: string }): boolean {
  return UNHEALTHY.has(errorType ?? '') || (errorType === 'CreateRejected' && REFUSED_FOR_ITS_IMAGE.test(message));
}
