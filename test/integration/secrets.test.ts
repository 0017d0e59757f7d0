import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { openBackup } from '../../activities/docker/seal-backup.ts';
import { loadBackup } from '../../activities/history/backups.ts';
import { createCipher } from '../../db/encryption/envelope.ts';
import { parseKeyring } from '../../db/encryption/keyring.ts';
import { openDatabase } from '../../db/open-database.ts';
import { ormOptions } from '../../db/orm-options.ts';
import { startPostgres } from '../../embedded/postgres.ts';
import { containerId, request, update, updateEnd } from '../rig/api-client.ts';
import { startProgramProcess } from '../rig/program-process.ts';
import { publishWeb, runContainer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';
import { holds, searchFiles } from '../rig/search-files.ts';

const secret = (of: string) => `${of}-${randomBytes(18).toString('base64url')}`;
const SECRETS = { environment: secret('env'), label: secret('label'), argument: secret('argument') };
const SECRET_KINDS = Object.entries(SECRETS);
/** Nothing secret about it: the search must find it wherever a secret would have been. */
const NAME = `treasury-${randomBytes(4).toString('hex')}`;

let sandbox: Sandbox;
let directory: string;
let dataDirectory: string;
let output: string;
let firstUpdate: string;
const webhookBodies: string[] = [];

async function receiver(): Promise<Server> {
  const server = createServer((incoming, answer) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    incoming.on('end', () => {
      webhookBodies.push(body);
      answer.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** A program that checks, plans, updates, fails to update and goes back, as talkative as it can be made, then stops. */
async function liveThrough(webhook: Server): Promise<void> {
  const port = (webhook.address() as AddressInfo).port;
  const program = await startProgramProcess({
    dataDirectory,
    dockerHost: sandbox.dockerHost,
    env: { LOG_LEVEL: 'debug', NOTIFY_WEBHOOK_URL: `http://127.0.0.1:${port}/`, NOTIFY_WEBHOOK_SECRET: 'signing-key' },
  });
  try {
    const id = await containerId(program, NAME);
    expect((await request(program, 'GET', `/containers/${id}/plan`)).code).toBe(200);
    const updated = await update(program, NAME, { soak: 0 });
    expect({ message: updated.message, ...updated }).toMatchObject({ status: 'success' });
    firstUpdate = updated.id;
    const back = await request(program, 'POST', `/updates/${firstUpdate}/rollback`, { soak: 0 });
    expect(await updateEnd(program, back.data.update_id)).toMatchObject({ status: 'success' });
    await publishWeb(sandbox, `${NAME}:stable`, 'v3', ['ENTRYPOINT ["sh", "-c", "echo cannot start; exit 3"]']);
    expect(await update(program, NAME, { soak: 1 })).toMatchObject({ status: 'rollback' });
    await request(program, 'GET', '/images/check');
    for (let waited = 0; webhookBodies.length < 3 && waited < 15_000; waited += 100)
      await new Promise((resolve) => setTimeout(resolve, 100));
  } finally {
    await program.stop();
    output = program.output();
  }
}

beforeAll(async () => {
  sandbox = await startSandbox('secrets');
  directory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-secrets-data-'));
  dataDirectory = path.join(directory, 'program');
  await publishWeb(sandbox, `${NAME}:stable`, 'v1');
  await runContainer(sandbox.docker, {
    name: NAME,
    Image: `${sandbox.registryHost}/${NAME}:stable`,
    Env: [`PASSWORD=${SECRETS.environment}`],
    Labels: { 'org.example.token': SECRETS.label },
    Cmd: ['httpd', '-f', '-p', '80', '-h', '/www', '-r', SECRETS.argument],
  });
  await publishWeb(sandbox, `${NAME}:stable`, 'v2');
  const webhook = await receiver();
  try {
    await liveThrough(webhook);
  } finally {
    webhook.close();
  }
});

afterAll(async () => {
  await sandbox?.destroy();
  await rm(directory, { recursive: true, force: true });
});

describe('the search itself', () => {
  it('finds a text as it is, in base64 at any offset and in hex', async () => {
    const folder = path.join(directory, 'planted');
    await mkdir(path.join(folder, 'deep'), { recursive: true });
    const text = secret('planted');
    const written = {
      plain: text,
      'deep/hex': Buffer.from(text).toString('hex'),
      base64: Buffer.from(text).toString('base64'),
    };
    for (const [file, content] of Object.entries(written))
      await writeFile(path.join(folder, file), `before ${content} behind`);
    for (const shift of [1, 2])
      await writeFile(
        path.join(folder, `base64-${shift}`),
        Buffer.from(`${'x'.repeat(shift)}${text}xyz`).toString('base64'),
      );

    expect(await searchFiles(folder, text)).toEqual(['base64', 'base64-1', 'base64-2', 'deep/hex', 'plain']);
    expect(await searchFiles(folder, secret('planted'))).toEqual([]);
  });

  it.each(SECRET_KINDS)('finds the secret of the %s where the engine keeps it', async (_kind, text) => {
    expect(await searchFiles(path.join(sandbox.directory, 'engine', 'docker', 'containers'), text)).not.toEqual([]);
  });

  it('finds the name of the container in the workflow server’s file, in PostgreSQL’s and in what was printed or sent', async () => {
    const files = await searchFiles(dataDirectory, NAME);
    expect(files.filter((file) => file.startsWith('temporal.sqlite'))).not.toEqual([]);
    expect(files.filter((file) => file.startsWith(path.join('postgres', 'base')))).not.toEqual([]);
    expect(files.filter((file) => file.startsWith(path.join('postgres', 'pg_wal')))).not.toEqual([]);
    expect(webhookBodies.map((body) => holds(body, NAME))).toEqual([true, true, true]);
    expect(output.length).toBeGreaterThan(0);
  });
});

describe('a secret of a container', () => {
  it.each(SECRET_KINDS)(
    'in its %s is in no file of the program, nor in what it printed or sent',
    async (_kind, text) => {
      expect(await searchFiles(dataDirectory, text)).toEqual([]);
      expect(holds(output, text)).toBe(false);
      expect(webhookBodies.filter((body) => holds(body, text))).toEqual([]);
    },
  );

  it('is in no row of the database, which may store its values compressed', async () => {
    const postgres = await startPostgres({ dataDirectory, log: () => undefined });
    try {
      const rows = await allRows(postgres.url);
      expect(holds(rows, NAME)).toBe(true);
      for (const [kind, text] of SECRET_KINDS)
        expect({ kind, found: holds(rows, text) }).toEqual({ kind, found: false });
    } finally {
      await postgres.stop();
    }
  });

  it('comes back with the key: the backup opens and has all of them', async () => {
    const cipher = createCipher(parseKeyring(await readFile(path.join(dataDirectory, 'encryption.key'), 'utf8')));
    const postgres = await startPostgres({ dataDirectory, log: () => undefined });
    try {
      const database = await openDatabase({ url: postgres.url, cipher });
      const kept = await loadBackup(database.repositories, firstUpdate);
      await database.close();
      if (kept === null) throw new Error('the update kept no backup');
      const { container } = openBackup(cipher, kept.backup);
      expect(container.Config.Env).toContain(`PASSWORD=${SECRETS.environment}`);
      expect(container.Config.Labels).toMatchObject({ 'org.example.token': SECRETS.label });
      expect(container.Config.Cmd).toContain(SECRETS.argument);
    } finally {
      await postgres.stop();
    }
  });
});

/** All rows of all tables as JSON, binary columns in hex. */
async function allRows(url: string): Promise<string> {
  const orm = await MikroORM.init(ormOptions(url, () => undefined));
  const select = (query: string): Promise<Array<{ text: string }>> => orm.em.fork().execute(query);
  try {
    const tables = await select("select quote_ident(tablename) as text from pg_tables where schemaname = 'public'");
    const rows = await Promise.all(
      tables.map(({ text: table }) => select(`select row_to_json(t)::text as text from ${table} t`)),
    );
    return rows
      .flat()
      .map(({ text }) => text)
      .join('\n');
  } finally {
    await orm.close(true);
  }
}
