import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { loadConfiguration } from '../../cli/configuration.ts';
import { type Program, startProgram } from '../../cli/program/start-program.ts';
import { batchWorkflowId } from '../../contracts/workflow-ids.ts';
import { createCipher } from '../../db/encryption/envelope.ts';
import { parseKeyring } from '../../db/encryption/keyring.ts';
import { createPayloadCodec } from '../../worker/payload-codec.ts';
import { containerId, type ReachableApi, request, startUpdate, updateEnd } from '../rig/api-client.ts';
import { publishWeb, runContainer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';
import { REPLAY_ENCRYPTION_KEY } from './replay-key.ts';

/**
 * Records the histories that the replay test replays, from real updates of the whole program on a real engine:
 * `node test/replay/record-histories.ts [name…]`. A released history is never recorded again to make a test pass; a
 * change of the workflow adds one of its own.
 */
const HISTORIES = fileURLToPath(new URL('./histories', import.meta.url));

interface Story {
  name: string;
  /** How the update has to end, or nothing is saved. */
  outcome: string;
  /** Lines that the second version has more than the first. */
  second: string[];
  soak: number;
  /** Of the container, such as its hooks. */
  labels?: Record<string, string>;
  /** Whether another container lives in its network. */
  hasDependent?: boolean;
  /** Whether the history saved is that of a batch with this one update in it. */
  inBatch?: boolean;
  /** What a person does meanwhile. */
  meanwhile?(api: ReachableApi, updateId: string): Promise<void>;
}

async function untilStep(api: ReachableApi, updateId: string, line: string): Promise<void> {
  for (;;) {
    const { data } = await request(api, 'GET', `/updates/${updateId}`);
    if (data.events.some((event: { step: string; state: string }) => `${event.step} ${event.state}` === line)) return;
    await delay(50);
  }
}

const STORIES: Story[] = [
  { name: 'success', outcome: 'success', second: [], soak: 1 },
  { name: 'rollback', outcome: 'rollback', second: ['ENTRYPOINT ["sh", "-c", "echo cannot start; exit 3"]'], soak: 2 },
  {
    name: 'cancel',
    outcome: 'cancelled',
    second: [],
    soak: 60,
    async meanwhile(api, updateId) {
      await untilStep(api, updateId, 'health started');
      await request(api, 'POST', `/updates/${updateId}/cancel`);
    },
  },
  // In the third order, as their inputs say. Saved histories without a story here are of the orders before.
  { name: 'success-in-order-3', outcome: 'success', second: [], soak: 0 },
  {
    name: 'rollback-in-order-3',
    outcome: 'rollback',
    second: ['ENTRYPOINT ["sh", "-c", "echo cannot start; exit 3"]'],
    soak: 2,
  },
  {
    name: 'dependents-in-order-3',
    outcome: 'success',
    second: [],
    soak: 1,
    hasDependent: true,
    labels: { 'docker-auto.hook.pre': 'true', 'docker-auto.hook.post': 'true' },
  },
  {
    name: 'dependents-rollback-in-order-3',
    outcome: 'rollback',
    second: ['ENTRYPOINT ["sh", "-c", "echo cannot start; exit 3"]'],
    soak: 2,
    hasDependent: true,
  },
  {
    name: 'skipped-by-hook-in-order-3',
    outcome: 'cancelled',
    second: [],
    soak: 0,
    labels: { 'docker-auto.hook.pre': 'exit 75' },
  },
  // Step by step, since what is copied takes as long as it takes.
  {
    name: 'carry-in-order-3',
    outcome: 'success',
    second: [],
    soak: 0,
    labels: { 'docker-auto.writable-layer': 'carry' },
  },
  { name: 'batch', outcome: 'success', second: [], soak: 0, inBatch: true },
];

/** A worker's own queue is named after its process and machine. */
const OWN_QUEUE = /^\d+@/;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Leaves out what a replay does not need and nobody else need know: who worked on it (process and machine names), and
 * where the program lay (in the stack traces of failures).
 */
async function anonymous(history: unknown, codec: PayloadCodec): Promise<unknown> {
  if (Array.isArray(history)) return Promise.all(history.map((item) => anonymous(item, codec)));
  if (typeof history !== 'object' || history === null) return history;
  const entries = Object.entries(history).map(async ([key, value]): Promise<[string, unknown]> => {
    if (key === 'identity') return [key, 'recorder'];
    if (typeof value === 'string' && OWN_QUEUE.test(value)) return [key, 'recorder'];
    if (key === 'encodedAttributes') return [key, await withoutStackTrace(value, codec)];
    return [key, await anonymous(value, codec)];
  });
  return Object.fromEntries(await Promise.all(entries));
}

interface JsonPayload {
  metadata: Record<string, string>;
  data: string;
}

const bytes = (base64: string) => Buffer.from(base64, 'base64');
const base64 = (content: Uint8Array | null | undefined) => Buffer.from(content ?? []).toString('base64');

async function withoutStackTrace(value: unknown, codec: PayloadCodec): Promise<JsonPayload> {
  const { metadata, data } = value as JsonPayload;
  const sealed = {
    metadata: Object.fromEntries(Object.entries(metadata).map(([key, text]) => [key, bytes(text)])),
    data: bytes(data),
  };
  const [payload] = await codec.decode([sealed]);
  const attributes = JSON.parse(Buffer.from(payload?.data ?? []).toString('utf8')) as { stack_trace: string };
  attributes.stack_trace = attributes.stack_trace.replaceAll(ROOT, '/');
  const [resealed] = await codec.encode([{ ...payload, data: Buffer.from(JSON.stringify(attributes)) }]);
  return {
    metadata: Object.fromEntries(
      Object.entries(resealed?.metadata ?? {}).map(([key, content]) => [key, base64(content)]),
    ),
    data: base64(resealed?.data),
  };
}

/** As JSON can carry it: enumerations by name, bytes in base64, long numbers as text. */
function plain(history: proto.temporal.api.history.v1.IHistory): unknown {
  const { History } = proto.temporal.api.history.v1;
  return History.toObject(History.fromObject(history), { enums: String, bytes: String, longs: String });
}

async function startBatch(
  api: ReachableApi,
  name: string,
  soak: number,
): Promise<{ updateId: string; batchId: string }> {
  const body = { container_ids: [await containerId(api, name)], soak };
  const { data } = await request(api, 'POST', '/updates/batch', body);
  return { updateId: data.updates[0].update_id, batchId: data.batch_id };
}

async function record(story: Story, sandbox: Sandbox, program: Program, client: Client): Promise<void> {
  const name = `replay-${story.name}`;
  const Image = `${sandbox.registryHost}/${name}:stable`;
  await publishWeb(sandbox, `${name}:stable`, 'v1');
  await runContainer(sandbox.docker, { name, Image, Labels: story.labels ?? {} });
  if (story.hasDependent) {
    const HostConfig = { NetworkMode: `container:${name}` };
    await runContainer(sandbox.docker, { name: `${name}-guest`, Image, Cmd: ['sleep', '10000'], HostConfig });
  }
  await publishWeb(sandbox, `${name}:stable`, 'v2', story.second);
  const { updateId, batchId } = story.inBatch
    ? await startBatch(program, name, story.soak)
    : { updateId: await startUpdate(program, name, { soak: story.soak }), batchId: null };
  await story.meanwhile?.(program, updateId);
  const ended = await updateEnd(program, updateId);
  if (ended.status !== story.outcome) throw new Error(`${story.name} ended as ${ended.status}: ${ended.message}`);
  const handle =
    batchId === null
      ? client.workflow.getHandle(ended.workflow_id, ended.run_id)
      : client.workflow.getHandle(batchWorkflowId(batchId));
  let history = await handle.fetchHistory();
  while (!history.events?.at(-1)?.workflowExecutionCompletedEventAttributes) {
    await delay(50);
    history = await handle.fetchHistory();
  }
  const codec = createPayloadCodec(createCipher(parseKeyring(REPLAY_ENCRYPTION_KEY)));
  const saved = await anonymous(plain(history), codec);
  await writeFile(path.join(HISTORIES, `${story.name}.json`), `${JSON.stringify(saved, null, 1)}\n`);
  console.log(`${story.name}: ${history.events?.length} events`);
}

async function recordAll(stories: Story[], sandbox: Sandbox, dataDirectory: string): Promise<void> {
  const env = {
    ...process.env,
    DATA_DIR: dataDirectory,
    DOCKER_HOST: sandbox.dockerHost,
    DOCKER_CONFIG: path.join(dataDirectory, 'docker-config'),
    ENCRYPTION_KEY: REPLAY_ENCRYPTION_KEY,
    LOG_LEVEL: 'warn',
    PORT: '0',
  };
  const { configuration } = loadConfiguration({ flags: {}, env, readFile: () => null });
  const program = await startProgram({ configuration, notice: console.log, engine: 'configured' });
  const connection = await Connection.connect({ address: program.temporalAddress });
  try {
    await mkdir(HISTORIES, { recursive: true });
    for (const story of stories) await record(story, sandbox, program, new Client({ connection }));
  } finally {
    await connection.close();
    await program.stop();
  }
}

async function main(names: string[]): Promise<void> {
  const stories = STORIES.filter(({ name }) => names.length === 0 || names.includes(name));
  const dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-record-data-'));
  const sandbox = await startSandbox('record');
  try {
    await recordAll(stories, sandbox, dataDirectory);
  } finally {
    await sandbox.destroy();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2));
