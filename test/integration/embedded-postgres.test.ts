import { spawn } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { type EmbeddedPostgres, startPostgres } from '../../embedded/postgres.ts';
import { choosePostgresAccount, runAsAccount } from '../../embedded/postgres-account.ts';
import { findPostgresBinaries } from '../../embedded/postgres-binaries.ts';
import { runCommand } from '../../embedded/run-command.ts';
import { processStartTime } from '../../embedded/run-record.ts';

const MODULE = new URL('../../embedded/postgres.ts', import.meta.url).href;
const log = () => undefined;

let directory: string;
const running: EmbeddedPostgres[] = [];

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'docker-auto-test-postgres-'));
});

afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function start(dataDirectory = directory): Promise<EmbeddedPostgres> {
  const started = await startPostgres({ dataDirectory, log });
  running.push(started);
  return started;
}

async function sql(server: EmbeddedPostgres, query: string): Promise<Record<string, unknown>[]> {
  const orm = await MikroORM.init({ clientUrl: server.url, entities: [], discovery: { warnWhenNoEntities: false } });
  try {
    return await orm.em.getConnection().execute(query);
  } finally {
    await orm.close(true);
  }
}

describe('the embedded PostgreSQL', () => {
  it('keeps what it was given over a stop and a start', async () => {
    const first = await start();
    expect(await sql(first, 'select current_database() as name')).toEqual([{ name: 'docker_auto' }]);
    await sql(first, "create table kept as select 'yes' as answer");
    await first.stop();
    expect(await sql(await start(), 'select answer from kept')).toEqual([{ answer: 'yes' }]);
  });

  it('listens on loopback only, asks for its password and shows it to its owner alone', async () => {
    const server = await start();
    expect(await sql(server, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    const wrong = { ...server, url: server.url.replace(/:[0-9a-f]+@/, ':wrong@') };
    await expect(sql(wrong, 'select 1')).rejects.toThrow(/password authentication failed/);
    expect(statSync(path.join(directory, 'postgres.password')).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(directory, 'logs', 'postgres.log'), 'utf8')).not.toContain(
      new URL(server.url).password,
    );
  });

  it('comes back by itself on the same port, with all that was committed, after kill -9', async () => {
    const server = await start();
    await sql(server, 'create table kept as select 1 as one');
    await server.server.restart('SIGKILL');
    expect(await sql(server, 'select one from kept')).toEqual([{ one: 1 }]);
  });

  it('starts again after the program and the server were killed, whoever has the pid in its lock file now', async () => {
    const script = `
      const { startPostgres } = await import(${JSON.stringify(MODULE)});
      const { server } = await startPostgres({ dataDirectory: ${JSON.stringify(directory)}, log() {} });
      if (process.argv[1] === 'both') process.kill(server.pid(), 'SIGKILL');
      process.kill(process.pid, 'SIGKILL');
    `;
    for (const victims of ['program', 'both']) {
      const program = spawn(process.execPath, ['--input-type=module', '--eval', script, victims]);
      await new Promise((resolve) => program.once('exit', resolve));
      expect(existsSync(path.join(directory, 'postgres', 'postmaster.pid'))).toBe(true);
      const server = await start();
      expect(await sql(server, 'select 1 as one')).toEqual([{ one: 1 }]);
      await server.stop();
    }
  });

  it('makes itself a new password when the file with it was lost', async () => {
    const first = await start();
    await first.stop();
    rmSync(path.join(directory, 'postgres.password'));
    const second = await start();
    expect(second.url).not.toBe(first.url);
    expect(await sql(second, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('begins anew where making the cluster was cut short', async () => {
    mkdirSync(path.join(directory, 'postgres.new', 'cluster'), { recursive: true });
    expect(await sql(await start(), 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(existsSync(path.join(directory, 'postgres.new'))).toBe(false);
  });

  it('runs below a directory that only its owner may enter, and changes nothing but its own folder', async () => {
    const home = path.join(directory, 'home');
    const inside = path.join(home, '.docker-auto');
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    const server = await start(inside);
    expect(await sql(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    for (const folder of [home, inside]) {
      expect(statSync(folder)).toMatchObject({ uid: process.getuid?.(), mode: 0o40700 });
    }
    const pid = server.server.pid() ?? 0;
    await server.stop();
    expect(processStartTime(pid)).toBeNull();
  });

  it('runs from programs that lie below such a directory', async () => {
    const { postgres } = await findPostgresBinaries();
    const installed = path.join(directory, 'private');
    mkdirSync(installed, { mode: 0o700 });
    cpSync(path.resolve(path.dirname(postgres), '..'), installed, { recursive: true, verbatimSymlinks: true });
    const copy = (name: string) => path.join(installed, 'bin', name);
    const account = await choosePostgresAccount([copy('postgres')]);
    const cluster = path.join(installed, 'cluster');
    mkdirSync(cluster, { mode: 0o700 });
    if (account.owner !== null) chownSync(cluster, account.owner.uid, account.owner.gid);

    // It looks for the server beside itself, and the server for its own folders.
    await runAsAccount(account, copy('initdb'), [`--pgdata=${cluster}`, '--no-instructions']);
    const alone = account.commandLine(copy('postgres'), ['--single', '-D', cluster, 'postgres']);
    const told = await runCommand(alone.command, alone.args, { cwd: '/', input: 'select 41 + 1 as answer;\n' });

    expect(told).toContain('answer = "42"');
  });
});
