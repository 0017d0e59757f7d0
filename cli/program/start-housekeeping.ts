import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { NotificationChannels } from '../../activities/notify/channels.ts';
import { LOCAL_HOST_ID } from '../../contracts/task-queues.ts';
import { DEFAULT_TENANT_ID } from '../../db/default-tenant.ts';
import type { Repositories } from '../../db/repositories/repositories.ts';
import { startHousekeeping } from '../../worker/housekeeping.ts';
import type { Stopping } from './stopping.ts';

/** Starts what the core sees to by itself, with a client of the workflow server of its own. */
export function startProgramHousekeeping(parts: {
  surroundings: { address: string; namespace: string; dataConverter: DataConverter; log(line: string): void };
  repositories: Repositories;
  channels: NotificationChannels;
  inventorySeconds: number;
  stopping: Stopping;
}): void {
  const { surroundings, stopping, ...rest } = parts;
  const { address, namespace, dataConverter, log } = surroundings;
  const connection = Connection.lazy({ address });
  stopping.add('The housekeeping connection', () => connection.close());
  const client = new Client({ connection, namespace, dataConverter });
  const housekeeping = startHousekeeping({
    ...rest,
    client,
    tenantId: DEFAULT_TENANT_ID,
    hostId: LOCAL_HOST_ID,
    log,
  });
  stopping.add('The housekeeping', () => housekeeping.stop());
}
