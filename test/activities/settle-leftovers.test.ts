import { describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Engine } from '../../activities/docker/engine/engine.ts';
import { settleLeftovers } from '../../activities/docker/settle-leftovers.ts';
import { createCipher } from '../../db/encryption/envelope.ts';
import { generateKey, parseKeyring } from '../../db/encryption/keyring.ts';

const UPDATE_ID = '01890000-0000-7000-8000-000123456789';
const UID = UPDATE_ID.slice(-10);
const cipher = createCipher(parseKeyring(generateKey()));

interface Kept {
  name: string;
  running: boolean;
  policy: string;
}

/** Containers by id, and the few calls that settling makes; it dies at its n-th change, so that a real one needn't. */
function engineOf(containers: Map<string, Kept>, diesAtChange = Number.POSITIVE_INFINITY): Engine {
  let changes = 0;
  const change = async (id: string, how: (container: Kept) => void): Promise<void> => {
    changes += 1;
    if (changes === diesAtChange) throw new Error('killed');
    const container = containers.get(id);
    if (container !== undefined) how(container);
  };
  return {
    listContainers: async () =>
      [...containers].map(([Id, { name, running }]) => ({
        Id,
        Names: [`/${name}`],
        State: running ? 'running' : 'exited',
      })),
    inspectContainer: async (id: string) => {
      const found = containers.get(id);
      if (found === undefined) return null;
      return { Id: id, Name: `/${found.name}`, Created: '', HostConfig: { RestartPolicy: { Name: found.policy } } };
    },
    removeContainer: (id: string) => change(id, () => containers.delete(id)),
    renameContainer: (id: string, name: string) => change(id, (container) => Object.assign(container, { name })),
    startContainer: (id: string) => change(id, (container) => Object.assign(container, { running: true })),
    setRestartPolicy: (id: string, { Name }: { Name: string }) =>
      change(id, (container) => Object.assign(container, { policy: Name })),
  } as unknown as Engine;
}

function backup() {
  const seal = (value: unknown, column: string) =>
    Buffer.from(cipher.seal(Buffer.from(JSON.stringify(value)), `update_backups:${UPDATE_ID}:${column}`)).toString(
      'base64',
    );
  return {
    updateId: UPDATE_ID,
    sealedInspect: seal({ Id: 'old', HostConfig: { RestartPolicy: { Name: 'always' } } }, 'inspect'),
    sealedImageInspect: seal({}, 'image_inspect'),
    imageId: 'sha256:0',
    imageReference: 'web:stable',
    keepTag: `docker-auto-keep:${UID}`,
    volumes: [],
  };
}

/** One attempt. @returns its answer, or null when it died, and what its heartbeat left for the next one */
async function attempt(engine: Engine, heartbeatDetails: unknown, sealed = backup()) {
  const env = new MockActivityEnvironment(
    { heartbeatDetails },
    { logger: new DefaultLogger('ERROR', () => undefined) },
  );
  let told: unknown = heartbeatDetails;
  env.on('heartbeat', (details: unknown) => {
    told = details;
  });
  const input = {
    containerName: 'web',
    knownUids: [UID],
    recalled: [{ uid: UID, succeeded: false, backup: sealed }],
  };
  const answer = (await env.run(() => settleLeftovers(engine, cipher, input)).catch(() => null)) as string[] | null;
  return { answer, told };
}

const leftovers = () =>
  new Map<string, Kept>([
    ['old', { name: `web.previous-${UID}`, running: false, policy: 'no' }],
    ['new', { name: `web.next-${UID}`, running: false, policy: 'always' }],
  ]);

describe('settling what an unfinished update left', () => {
  it.each([1, 2, 3, 4])('ends well although we die at its change %i', async (diesAtChange) => {
    const containers = leftovers();
    const first = await attempt(engineOf(containers, diesAtChange), undefined);
    expect(first.answer).toBeNull();

    const second = await attempt(engineOf(containers), first.told);

    expect([...containers]).toEqual([['old', { name: 'web', running: true, policy: 'always' }]]);
    expect(second.answer?.join(' ')).toContain('Gave web its restart policy always back');
  });

  it('goes on without a backup that can not be opened, and says so', async () => {
    const containers = leftovers();
    const { answer } = await attempt(engineOf(containers), undefined, { ...backup(), sealedInspect: 'AAAA' });
    expect([...containers]).toEqual([['old', { name: 'web', running: true, policy: 'no' }]]);
    expect(answer?.join(' ')).toMatch(/restart policy may have been set.*could not be opened/);
  });
});
