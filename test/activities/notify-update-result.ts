import type { UpdateResult } from '../../contracts/update.ts';

/** An ended update of `web` from version 1 to 2. */
export function anUpdateResult(changes: Partial<UpdateResult> = {}): UpdateResult {
  return {
    updateId: '0190-u1',
    containerName: 'web',
    outcome: 'success',
    message: 'web runs the new version.',
    errorType: null,
    from: { reference: 'registry.test/web:1', digest: `sha256:${'a'.repeat(64)}`, imageId: null },
    to: { reference: 'registry.test/web:2', digest: `sha256:${'b'.repeat(64)}`, imageId: null },
    timings: [{ step: 'pull', milliseconds: 900 }],
    downtimeMs: 412,
    plan: null,
    ...changes,
  };
}
