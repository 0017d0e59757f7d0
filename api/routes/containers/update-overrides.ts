import type { z } from 'zod';
import type { updateBody } from '../../../contracts/api/updates.ts';
import type { PolicyOverrides } from '../../../contracts/update.ts';

type Asked = Pick<z.infer<typeof updateBody>, 'soak' | 'engine_wait' | 'registry_wait' | 'writable_layer'>;

/** What the body leaves out stays as the container's policy says. */
export function updateOverrides({ soak, engine_wait, registry_wait, writable_layer }: Asked): PolicyOverrides {
  return {
    ...(soak !== undefined && { soakSeconds: soak }),
    ...(engine_wait !== undefined && { engineWaitSeconds: engine_wait }),
    ...(registry_wait !== undefined && { registryWaitSeconds: registry_wait }),
    ...(writable_layer !== undefined && { writableLayer: writable_layer }),
  };
}
