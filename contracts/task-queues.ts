/** Workflows, and activities that need the database, registries or notification channels. */
export const CORE_TASK_QUEUE = 'docker-auto';

/** Activities that need the engine of the host with this id. */
export function hostTaskQueue(hostId: string): string {
  return `docker-auto-host-${hostId}`;
}

/** Id of the host that the machine's own engine has. */
export const LOCAL_HOST_ID = 'local';
