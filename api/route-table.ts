import type { Route } from './define-route.ts';
import { cancelBatch } from './routes/batches/cancel-batch.ts';
import { getBatch } from './routes/batches/get-batch.ts';
import { startBatch } from './routes/batches/start-batch.ts';
import { getContainer } from './routes/containers/get-container.ts';
import { listContainers } from './routes/containers/list-containers.ts';
import { planContainer } from './routes/containers/plan-container.ts';
import { updateContainer } from './routes/containers/update-container.ts';
import { getHealth, getLiveness, getReadiness } from './routes/health/get-health.ts';
import { checkImages } from './routes/images/check-images.ts';
import { listQuarantine } from './routes/quarantine/list-quarantine.ts';
import { removeQuarantine } from './routes/quarantine/remove-quarantine.ts';
import { getUpdate } from './routes/updates/get-update.ts';
import { listHistory } from './routes/updates/list-history.ts';
import { rollbackUpdate } from './routes/updates/rollback-update.ts';
import { cancelUpdate, pauseUpdate, resumeUpdate } from './routes/updates/signal-update.ts';

/** Health is served at the root as well, where orchestrators look for it. */
export const ROOT_ROUTES: readonly Route[] = [getHealth, getLiveness, getReadiness];

/** Every route of every version that is served, and what each needs; there is no route beside this table. */
export const VERSIONS: Readonly<Record<string, readonly Route[]>> = {
  v1: [
    ...ROOT_ROUTES,
    listContainers,
    getContainer,
    updateContainer,
    planContainer,
    checkImages,
    // Before the route with an id, which `history` would be taken for.
    listHistory,
    getUpdate,
    startBatch,
    getBatch,
    cancelBatch,
    rollbackUpdate,
    cancelUpdate,
    pauseUpdate,
    resumeUpdate,
    listQuarantine,
    removeQuarantine,
  ],
};
