import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import proto from '@temporalio/proto';
import { DefaultLogger, type ReplayWorkerOptions, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { createCipher } from '../../db/encryption/envelope.ts';
import { generateKey, parseKeyring } from '../../db/encryption/keyring.ts';
import { createDataConverter } from '../../worker/data-converter.ts';
import { workflowBundle } from '../../worker/workflow-bundle.ts';
import { REPLAY_ENCRYPTION_KEY } from './replay-key.ts';

const HISTORIES = fileURLToPath(new URL('./histories', import.meta.url));
const CHANGED_WORKFLOWS = fileURLToPath(new URL('./changed-workflows.ts', import.meta.url));
const names = readdirSync(HISTORIES).filter((file) => file.endsWith('.json'));

let cacheDirectory: string;
let bundle: string;

beforeAll(async () => {
  // A violation on purpose is no news.
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'ERROR' } } });
  cacheDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-replay-'));
  bundle = await workflowBundle(cacheDirectory);
});

afterAll(() => rm(cacheDirectory, { recursive: true, force: true }));

const text = (file: string) => readFileSync(path.join(HISTORIES, file), 'utf8');
const dataConverter = (key: string) => createDataConverter(createCipher(parseKeyring(key)));

function replay(
  file: string,
  options: Omit<ReplayWorkerOptions, 'dataConverter'>,
  key = REPLAY_ENCRYPTION_KEY,
): Promise<void> {
  const history = proto.temporal.api.history.v1.History.fromObject(JSON.parse(text(file)));
  return Worker.runReplayHistory(
    { ...options, dataConverter: dataConverter(key) },
    history,
    `update:local:${path.parse(file).name}`,
  );
}

describe('the saved histories of real updates', () => {
  it('are those of a success, a rollback and a cancel at least', () => {
    expect(names).toEqual(expect.arrayContaining(['success.json', 'rollback.json', 'cancel.json']));
  });

  it.each(names)('replay with the present workflows: %s', async (file) => {
    await replay(file, { workflowBundle: { codePath: bundle } });
  });

  it.each(names)('tell nothing of the machine that they were recorded on: %s', (file) => {
    const readable = text(file).replaceAll(/"data": "[^"]+"/g, '');
    expect(readable.match(/\/(home|root|tmp|work|usr|run)\/.*/g)).toBeNull();
    // Temporal names processes as pid@machine.
    expect(readable.match(/"\d+@.*/g)).toBeNull();
  });

  it('are unreadable without their key', async () => {
    await expect(replay('success.json', { workflowBundle: { codePath: bundle } }, generateKey())).rejects.toThrow();
  });
});

describe('a change of the workflow that running updates can not survive', () => {
  it.each(names)('is caught by the replay of %s', async (file) => {
    await expect(replay(file, { workflowsPath: CHANGED_WORKFLOWS })).rejects.toThrow(DeterminismViolationError);
  });
});
