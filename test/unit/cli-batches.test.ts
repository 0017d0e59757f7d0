import { describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../cli/api-client/api-client.ts';
import { ApiError } from '../../cli/api-client/api-error.ts';
import { startUpdates } from '../../cli/commands/start-updates.ts';
import { createUpdateReader } from '../../cli/progress/read-updates.ts';
import type { Shell } from '../../cli/shell.ts';
import type { Batch, BatchBody } from '../../contracts/api/batches.ts';
import type { UpdateDetailAnswer } from '../../contracts/api/updates.ts';

const SHELL = { stderr: { write: () => true } } as unknown as Shell;
const wanted = (name: string, body = {}) => ({ id: `id-of-${name}`, name, body });

/** An API that takes every batch, or answers what it is told to, and remembers what was asked. */
function api(refuse: (body: BatchBody) => ApiError | null = () => null) {
  const batches: BatchBody[] = [];
  const singles: string[] = [];
  const client = {
    async startBatch(body: BatchBody) {
      batches.push(body);
      const refusal = refuse(body);
      if (refusal !== null) throw refusal;
      const updates = body.container_ids.map((id) => ({ container_id: id, update_id: `update-of-${id}` }));
      return { batch_id: `batch-${batches.length}`, updates };
    },
    async startUpdate(id: string) {
      singles.push(id);
      return { updateId: `update-of-${id}`, joined: false };
    },
  };
  return { connection: { api: client as unknown as ApiClient, temporary: false }, batches, singles };
}

describe('updates that a command asks for', () => {
  it('are one batch where there are several, and none where there is one', async () => {
    const { connection, batches, singles } = api();
    const { started } = await startUpdates(
      SHELL,
      connection,
      [wanted('web', { soak: 1 }), wanted('db', { soak: 1 })],
      3,
    );
    expect(batches).toEqual([{ container_ids: ['id-of-web', 'id-of-db'], max_parallel: 3, soak: 1 }]);
    expect(started).toEqual([
      { container: 'web', updateId: 'update-of-id-of-web', batchId: 'batch-1' },
      { container: 'db', updateId: 'update-of-id-of-db', batchId: 'batch-1' },
    ]);
    expect((await startUpdates(SHELL, connection, [wanted('web')], 3)).started).toMatchObject([{ batchId: null }]);
    expect(singles).toEqual(['id-of-web']);
  });

  it('that are to be done in different ways are batches of their own', async () => {
    const { connection, batches } = api();
    await startUpdates(SHELL, connection, [wanted('a'), wanted('b', { force: true }), wanted('c')]);
    expect(batches).toEqual([{ container_ids: ['id-of-a', 'id-of-c'] }, { container_ids: ['id-of-b'], force: true }]);
  });

  it('that depend on each other in a circle are refused, and the others are begun', async () => {
    const data = { cycle: ['hen', 'egg', 'hen'], container_ids: [] as string[] };
    const ids = { hen: '00000000-0000-4000-8000-000000000001', egg: '00000000-0000-4000-8000-000000000002' };
    data.container_ids = Object.values(ids);
    const { connection, batches } = api(({ container_ids }) =>
      container_ids.includes(ids.hen) ? new ApiError(422, 'hen → egg → hen: a circle.', data) : null,
    );
    const hen = { id: ids.hen, name: 'hen', body: {} };
    const egg = { id: ids.egg, name: 'egg', body: {} };
    const { started, refused } = await startUpdates(SHELL, connection, [hen, wanted('web'), egg]);
    expect(batches).toHaveLength(2);
    expect(started.map(({ container }) => container)).toEqual(['web']);
    expect(refused).toMatchObject([
      { container: 'hen', outcome: 'not_started', why: 'hen → egg → hen: a circle.' },
      { container: 'egg', outcome: 'not_started' },
    ]);
  });

  it('that the server refuses are all told so, but a wrong token ends the command', async () => {
    const refusing = api(() => new ApiError(404, 'There is no container with id 1.', null));
    const { started, refused } = await startUpdates(SHELL, refusing.connection, [wanted('a'), wanted('b')]);
    expect(started).toEqual([]);
    expect(refused.map(({ container }) => container)).toEqual(['a', 'b']);
    const closed = api(() => new ApiError(401, 'no', null));
    await expect(startUpdates(SHELL, closed.connection, [wanted('a'), wanted('b')])).rejects.toThrow('no');
  });

  it('of more than 500 containers are several batches', async () => {
    const { connection, batches } = api();
    await startUpdates(
      SHELL,
      connection,
      Array.from({ length: 501 }, (_, index) => wanted(`${index}`)),
    );
    expect(batches.map(({ container_ids }) => container_ids.length)).toEqual([500, 1]);
  });
});

describe('the progress of a batch', () => {
  const place = (name: string, state: Batch['updates'][number]['state'], why: string | null = null) => ({
    update_id: name,
    container_id: name,
    container_name: name,
    host_id: 'local',
    state,
    why,
  });

  it('asks the batch once for all that wait, and for an update only when its turn has come', async () => {
    const asked: string[] = [];
    let updates = [place('a', 'running'), place('b', 'queued'), place('c', 'not_started', 'Cancelled.')];
    const read = createUpdateReader(
      {
        async batch(id) {
          asked.push(id);
          return { updates } as unknown as Batch;
        },
        async update(id) {
          asked.push(id);
          return { id, container_name: id, status: 'running', events: [], live: null } as unknown as UpdateDetailAnswer;
        },
      },
      new Map(['a', 'b', 'c'].map((id) => [id, 'batch'])),
    );

    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(read));
    expect(a).toMatchObject({ begun: true, status: 'running' });
    expect(b).toMatchObject({ begun: false, status: 'waiting', waitingFor: null });
    expect(c).toMatchObject({ begun: false, status: 'cancelled', message: 'Cancelled.' });
    expect(asked).toEqual(['batch', 'a']);

    updates = [place('a', 'success'), place('b', 'running')];
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(await read('b')).toMatchObject({ begun: true });
    await read('a');
    await read('b');
    expect(asked).toEqual(['batch', 'a', 'batch', 'b', 'a', 'b']);
  });
});
