import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { ormOptions } from '../../db/orm-options.ts';
import type { OutboxEntry } from '../../db/repositories/outbox-repository.ts';
import type { UpdateFilter } from '../../db/repositories/update-repository.ts';
import { type FreshDatabase, type RealPostgres, startRealPostgres } from './real-postgres.ts';
import { closingUpdate, digest, minutes, NOON, openingUpdate, TENANT, timelineEvent } from './samples.ts';

let postgres: RealPostgres;
let database: FreshDatabase;
beforeAll(async () => {
  postgres = await startRealPostgres();
});
beforeEach(async () => {
  database = await postgres.freshDatabase();
});
afterAll(() => postgres?.stop());

async function opened(over: Parameters<typeof openingUpdate>[0] = {}) {
  const update = openingUpdate(over);
  return { ...update, ...(await database.repositories.updates.open(update)) };
}
const notification = (over: Partial<OutboxEntry> = {}): OutboxEntry => ({
  deliveryKey: randomUUID(),
  channel: 'webhook',
  event: 'update.finished',
  payload: { container: 'web' },
  ...over,
});
const get = (id: string) => database.repositories.updates.get(TENANT, id);

describe('opening an update', () => {
  it('makes the container that no inventory has seen, once', async () => {
    const update = openingUpdate();
    const answers = await Promise.all([1, 2, 3].map(() => database.repositories.updates.open(update)));
    expect(new Set(answers.map(({ containerId }) => containerId)).size).toBe(1);
    expect(await database.repositories.updates.list({ tenantId: TENANT, page: 1, limit: 9 })).toMatchObject({
      total: 1,
      items: [{ id: update.updateId, status: 'running', containerName: 'web', oldImage: 'nginx:1.25' }],
    });
  });

  it('again does not reopen what is closed', async () => {
    const update = await opened();
    await database.repositories.updates.close(closingUpdate(update.updateId));
    await database.repositories.updates.open(update);
    await database.repositories.updates.setStatus(update.updateId, 'waiting');
    expect(await get(update.updateId)).toMatchObject({ status: 'success', completedAt: minutes(1) });
  });

  it('shows among the open ones until it is closed', async () => {
    const { updateId, startedAt } = await opened();
    const { updates } = database.repositories;
    const open = (before: Date) => updates.findOpen(before);
    const later = new Date(startedAt.getTime() + 1);
    await updates.setStatus(updateId, 'waiting');
    expect(await open(later)).toMatchObject([{ id: updateId, status: 'waiting' }]);
    expect(await open(startedAt)).toEqual([]);
    await updates.close(closingUpdate(updateId));
    expect(await open(later)).toEqual([]);
  });
});

describe('the timeline', () => {
  it('has each line once, in order, however often it is written', async () => {
    const { updateId } = await opened();
    const { updates } = database.repositories;
    await updates.appendEvents(updateId, TENANT, [timelineEvent(2, { step: 'check' }), timelineEvent(1)]);
    await updates.appendEvents(updateId, TENANT, [timelineEvent(2, { step: 'pull' }), timelineEvent(3)]);
    await updates.appendEvents(updateId, TENANT, []);
    expect((await get(updateId))?.events).toEqual([
      timelineEvent(1),
      timelineEvent(2, { step: 'check' }),
      timelineEvent(3),
    ]);
  });

  it('of an update that was not opened is refused, so that the writer tries again', async () => {
    const appending = database.repositories.updates.appendEvents(randomUUID(), TENANT, [timelineEvent(1)]);
    await expect(appending).rejects.toThrow(/foreign key/);
  });

  it('wakes whoever listens', async () => {
    const { updateId } = await opened();
    const listener = await MikroORM.init(ormOptions(database.url, () => undefined));
    const client = await (await listener.em.getConnection().getNativeClient()).connect();
    try {
      const heard = new Promise<string>((resolve) =>
        client.once('notification', (message: { payload?: string }) => resolve(message.payload ?? '')),
      );
      await client.query('listen docker_auto_events');
      await database.repositories.updates.appendEvents(updateId, TENANT, [timelineEvent(1), timelineEvent(2)]);
      expect(JSON.parse(await heard)).toEqual({ tenantId: TENANT, updateId, lastSeq: 2 });
    } finally {
      client.release(true);
      await listener.close(true);
    }
  });
});

describe('closing an update', () => {
  it('writes outcome, quarantine, notifications and the state of the container', async () => {
    const { updateId, containerId } = await opened();
    const closed = await database.repositories.updates.close(
      closingUpdate(updateId, {
        status: 'rollback',
        errorType: 'probe',
        errorMessage: 'unhealthy',
        logTail: 'no database at db:5432',
        failedExitCode: 1,
        quarantine: { digest: digest('2'), reason: 'probe' },
        notifications: [
          notification({ deliveryKey: 'first' }),
          notification({ deliveryKey: 'second', channel: 'email' }),
        ],
        container: {
          containerId: 'c'.repeat(64),
          currentDigest: digest('1'),
          verdict: 'quarantined',
          verdictReason: 'it failed here',
        },
      }),
    );
    expect(closed).toBe(true);
    expect(await get(updateId)).toMatchObject({
      status: 'rollback',
      durationSeconds: 3.5,
      downtimeMs: 420,
      failedExitCode: 1,
      logTail: 'no database at db:5432',
    });
    const { quarantine, outbox, containers } = database.repositories;
    expect(await quarantine.find(containerId, digest('2'))).toMatchObject({ updateId, reason: 'probe' });
    expect((await outbox.pendingFor(updateId)).map(({ deliveryKey }) => deliveryKey)).toEqual(['first', 'second']);
    expect(await containers.get(TENANT, containerId)).toMatchObject({
      containerId: 'c'.repeat(64),
      verdict: 'quarantined',
    });
  });

  it('is all or nothing', async () => {
    const { updateId, containerId } = await opened();
    const closing = database.repositories.updates.close(
      closingUpdate(updateId, {
        quarantine: { digest: digest('2'), reason: 'probe' },
        container: { containerId: null, currentDigest: digest('2'), verdict: 'up_to_date', verdictReason: null },
        // The last thing that is written; the table allows no such channel.
        notifications: [notification({ channel: 'pigeon' as 'email' })],
      }),
    );
    await expect(closing).rejects.toThrow(/outbox_channel_check/);
    const { quarantine, outbox, containers } = database.repositories;
    expect(await get(updateId)).toMatchObject({ status: 'running', completedAt: null, message: null });
    expect(await quarantine.find(containerId, digest('2'))).toBeNull();
    expect(await outbox.pendingFor(updateId)).toEqual([]);
    expect(await containers.get(TENANT, containerId)).toMatchObject({ currentDigest: null, verdict: null });
  });

  it('happens once: the first outcome stands, also when two try at the same time', async () => {
    const { updateId } = await opened();
    const { updates, outbox } = database.repositories;
    const close = () => updates.close(closingUpdate(updateId, { notifications: [notification()] }));
    expect((await Promise.all([close(), close()])).sort()).toEqual([false, true]);
    expect(await updates.close(closingUpdate(updateId, { status: 'failed', message: 'late' }))).toBe(false);
    expect(await get(updateId)).toMatchObject({ status: 'success', message: 'Updated.' });
    expect(await outbox.pendingFor(updateId)).toHaveLength(1);
  });

  it('that was never opened is an error that says so', async () => {
    const closing = database.repositories.updates.close(closingUpdate(randomUUID()));
    await expect(closing).rejects.toThrow(/must be opened before it is closed/);
  });

  it('releases a digest that proved itself and drops the candidate that runs now', async () => {
    const first = await opened();
    const { updates, quarantine, containers } = database.repositories;
    const reason = { digest: digest('2'), reason: 'probe' };
    await updates.close(closingUpdate(first.updateId, { status: 'rollback', quarantine: reason }));
    await containers.saveCheck({
      containerId: first.containerId,
      currentDigest: digest('1'),
      candidate: { reference: 'nginx:1.25', digest: digest('2') },
      verdict: 'quarantined',
      reason: 'it failed here',
      at: NOON,
    });
    const second = await opened();
    await updates.close(
      closingUpdate(second.updateId, {
        releaseQuarantine: digest('2'),
        container: { containerId: null, currentDigest: digest('2'), verdict: 'up_to_date', verdictReason: 'updated' },
      }),
    );
    expect(await quarantine.list(TENANT)).toEqual([]);
    expect(await containers.get(TENANT, first.containerId)).toMatchObject({ candidate: null, verdict: 'up_to_date' });
  });

  it('keeps secrets out of the tables in clear', async () => {
    const { updateId, containerId } = await opened();
    await database.repositories.updates.close(
      closingUpdate(updateId, {
        logTail: 'token hunter2',
        notifications: [notification({ payload: { log: 'hunter2' } })],
      }),
    );
    const sealed = database.cipher.seal(Buffer.from('hunter2'), 'backup');
    await database.repositories.backups.save({
      updateId,
      tenantId: TENANT,
      containerId,
      sealedInspect: sealed,
      sealedImageInspect: sealed,
      imageId: digest('9'),
      digest: null,
      imageReference: 'nginx:1.25',
      keepTag: 'docker-auto-keep:1',
      volumes: [],
    });
    for (const table of ['update_history', 'outbox', 'update_backups']) {
      const rows = await database.sql(`select encode(convert_to(t::text, 'utf8'), 'escape') as "text" from ${table} t`);
      expect(rows).toHaveLength(1);
      expect(String(rows[0]?.text)).not.toContain('hunter2');
      // Bytes are printed as hex.
      expect(String(rows[0]?.text)).not.toContain(Buffer.from('hunter2').toString('hex'));
    }
  });
});

describe('the history', () => {
  const started: Record<string, string> = {};
  let webId: string;
  beforeEach(async () => {
    for (const [index, triggeredBy] of (['manual', 'auto', 'batch', 'auto'] as const).entries()) {
      const containerName = index === 3 ? 'db' : 'web';
      const update = await opened({ triggeredBy, containerName, startedAt: minutes(index * 10) });
      started[`u${index}`] = update.updateId;
      if (index === 0) webId = update.containerId;
      if (index !== 2) {
        await database.repositories.updates.close(
          closingUpdate(update.updateId, { status: index === 1 ? 'failed' : 'success' }),
        );
      }
    }
  });

  it.each<[string, () => Partial<UpdateFilter>, string[]]>([
    ['everything, newest first', () => ({}), ['u3', 'u2', 'u1', 'u0']],
    ['those of a container', () => ({ containerId: webId }), ['u2', 'u1', 'u0']],
    ['those of a container that is none', () => ({ containerId: 'web' }), []],
    ['a status', () => ({ status: 'success' }), ['u3', 'u0']],
    ['a trigger', () => ({ triggeredBy: 'auto' }), ['u3', 'u1']],
    ['a span of time, both ends included', () => ({ startDate: minutes(10), endDate: minutes(20) }), ['u2', 'u1']],
    ['several at once', () => ({ containerId: webId, triggeredBy: 'auto', status: 'failed' }), ['u1']],
    ['nothing of another tenant', () => ({ tenantId: randomUUID() }), []],
  ])('shows %s', async (_what, filter, expected) => {
    const page = await database.repositories.updates.list({ tenantId: TENANT, page: 1, limit: 50, ...filter() });
    expect(page.items.map(({ id }) => id)).toEqual(expected.map((name) => started[name]));
    expect(page.total).toBe(expected.length);
  });

  it('comes in pages with the total of all, and each row knows its container', async () => {
    const page = await database.repositories.updates.list({ tenantId: TENANT, page: 2, limit: 3 });
    expect(page).toMatchObject({ total: 4, items: [{ id: started.u0, containerName: 'web', hostId: 'local' }] });
  });

  it('knows the last success of a container, and updates by the end of their ids', async () => {
    const { updates } = database.repositories;
    expect(await updates.lastSuccessful(webId)).toMatchObject({ id: started.u0 });
    const uid = (started.u1 ?? '').slice(-10);
    const ended = { id: started.u1, containerName: 'web', status: expect.any(String) };
    expect(await updates.endingsByUid(TENANT, 'local', [uid, '0123456789'])).toEqual([ended]);
    expect(await updates.endingsByUid(TENANT, 'attic', [uid])).toEqual([]);
    expect(await updates.endingsByUid(TENANT, 'local', [])).toEqual([]);
  });

  it('answers an id that is none, or is not of this tenant, with nothing', async () => {
    const { updates } = database.repositories;
    expect(await updates.get(TENANT, 'latest')).toBeNull();
    expect(await updates.get(randomUUID(), started.u0 ?? '')).toBeNull();
  });

  it('keeps a digest quarantined when the update that failed is dropped', async () => {
    const { updateId, containerId } = await opened();
    const quarantine = { digest: digest('7'), reason: 'crashed' };
    await database.repositories.updates.close(closingUpdate(updateId, { status: 'rollback', quarantine }));
    await database.sql('delete from update_history where id = ?', [updateId]);
    expect(await database.repositories.quarantine.find(containerId, digest('7'))).toMatchObject({ updateId });
    const [entry] = await database.repositories.quarantine.list(TENANT);
    expect(entry).toMatchObject({ containerName: 'web', digest: digest('7') });
    expect(await database.repositories.quarantine.remove(randomUUID(), entry?.id ?? '')).toBe(false);
    expect(await database.repositories.quarantine.remove(TENANT, entry?.id ?? '')).toBe(true);
    expect(await database.repositories.quarantine.find(containerId, digest('7'))).toBeNull();
  });
});

describe('a backup', () => {
  it('is kept as it was first saved, byte for byte', async () => {
    const { updateId, containerId } = await opened();
    const { backups } = database.repositories;
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const backup = {
      updateId,
      tenantId: TENANT,
      containerId,
      sealedInspect: bytes,
      sealedImageInspect: bytes.toReversed(),
      imageId: digest('9'),
      digest: digest('1'),
      imageReference: 'nginx:1.25',
      keepTag: 'docker-auto-keep:1',
      volumes: ['html', 'f'.repeat(64)],
    };
    await backups.save(backup);
    await backups.save({ ...backup, imageId: digest('8'), sealedInspect: new Uint8Array([1]) });
    expect(await backups.get(updateId)).toMatchObject({ ...backup, releasedAt: null });
    expect(await backups.get(randomUUID())).toBeNull();
  });

  it('is listed newest first, and once released for good', async () => {
    const { backups } = database.repositories;
    const updates = [await opened(), await opened()];
    for (const { updateId, containerId } of updates) {
      const sealed = { sealedInspect: new Uint8Array([1]), sealedImageInspect: new Uint8Array([2]) };
      const image = { imageId: digest('9'), digest: null, imageReference: 'nginx:1.25', keepTag: 'keep', volumes: [] };
      await backups.save({ updateId, tenantId: TENANT, containerId, ...sealed, ...image });
    }
    const [older, newer] = updates;
    await backups.markReleased(older?.updateId ?? '');
    const [first, second] = await backups.listForContainer(older?.containerId ?? '');
    expect(first).toMatchObject({ updateId: newer?.updateId, releasedAt: null });
    expect(second).toMatchObject({ updateId: older?.updateId, releasedAt: expect.any(Date) });
    await backups.markReleased(older?.updateId ?? '');
    expect((await backups.get(older?.updateId ?? ''))?.releasedAt).toEqual(second?.releasedAt);
  });
});

describe('the outbox', () => {
  it('keeps a message until it is delivered and counts the attempts', async () => {
    const { updateId } = await opened();
    const { outbox, updates } = database.repositories;
    await updates.close(closingUpdate(updateId, { notifications: [notification({ deliveryKey: 'only' })] }));
    const [message] = await outbox.pendingFor(updateId);
    expect(message).toMatchObject({
      deliveryKey: 'only',
      channel: 'webhook',
      payload: { container: 'web' },
      attempts: 0,
    });
    await outbox.markFailed(message?.id ?? '', 'connection refused');
    expect(await outbox.pendingFor(updateId)).toMatchObject([{ attempts: 1 }]);
    await outbox.markDelivered(message?.id ?? '', NOON);
    await outbox.markDelivered(message?.id ?? '', minutes(1));
    expect(await outbox.pendingFor(updateId)).toEqual([]);
    expect(await database.sql('select attempts, last_error, delivered_at from outbox')).toEqual([
      { attempts: 2, last_error: null, delivered_at: expect.stringContaining('12:00:00') },
    ]);
  });

  it('takes a delivery key once', async () => {
    const [first, second] = [await opened(), await opened()];
    const { outbox, updates } = database.repositories;
    const notifications = [notification({ deliveryKey: 'same' })];
    await updates.close(closingUpdate(first.updateId, { notifications }));
    await updates.close(closingUpdate(second.updateId, { notifications }));
    expect(await outbox.pendingFor(first.updateId)).toHaveLength(1);
    expect(await outbox.pendingFor(second.updateId)).toEqual([]);
  });
});
