import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../embedded/free-port.ts';
import { startUpdate, updateEnd } from '../rig/api-client.ts';
import { startProgramProcess } from '../rig/program-process.ts';
import { namesAround, pageAt, publishWeb, runContainer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';
import type { KillPoint } from './kill-points.ts';
import type { Pause } from './pauses.ts';

/** What became of one update whose program was killed in the middle. */
export interface DrillVerdict {
  kill: KillPoint;
  /** Empty when everything is as it must be. */
  faults: string[];
  status: string;
  /** Milliseconds from the program's restart to the end of the update. */
  settledMs: number;
}

interface Subject {
  name: string;
  port: number;
  kill: KillPoint;
}

const FAILING = ['CMD ["sh", "-c", "echo broken; exit 1"]'];

async function raise(sandbox: Sandbox, subject: Subject): Promise<void> {
  await publishWeb(sandbox, `${subject.name}:stable`, 'v1');
  await runContainer(sandbox.docker, {
    name: subject.name,
    Image: `${sandbox.registryHost}/${subject.name}:stable`,
    ExposedPorts: { '80/tcp': {} },
    HostConfig: {
      PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(subject.port) }] },
      RestartPolicy: { Name: 'unless-stopped' },
      Binds: [`${subject.name}-data:/data`],
    },
  });
  if (subject.kill.version === 'works') await publishWeb(sandbox, `${subject.name}:stable`, 'v2');
  else await sandbox.publish(`${subject.name}:stable`, FAILING);
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !condition(); waited += 50) {
    if (waited > 60_000) throw new Error(`${what} did not happen within a minute`);
    await delay(50);
  }
}

/** Ends what a killed program leaves running of its own servers, as the death of the machine's user session would. */
async function killServers(dataDirectory: string): Promise<void> {
  for (const server of ['postgres', 'temporal']) {
    const record = JSON.parse(await readFile(path.join(dataDirectory, 'run', `${server}.json`), 'utf8')) as {
      pid: number;
    };
    process.kill(record.pid, 'SIGKILL');
  }
}

async function faultsOf(sandbox: Sandbox, subject: Subject, status: string): Promise<string[]> {
  const faults: string[] = [];
  const expected =
    subject.kill.version === 'works' ? { status: 'success', page: 'v2' } : { status: 'rollback', page: 'v1' };
  if (status !== expected.status) faults.push(`ended as ${status} instead of ${expected.status}`);
  const page = await pageAt(subject.port);
  if (page !== expected.page) faults.push(`serves ${page} instead of ${expected.page}`);
  const names = await namesAround(sandbox.docker, subject.name);
  if (names.join() !== subject.name) faults.push(`containers of the name: ${names.join(', ')}`);
  else {
    const { HostConfig } = await sandbox.docker.getContainer(subject.name).inspect();
    if (HostConfig.RestartPolicy?.Name !== 'unless-stopped')
      faults.push(`restart policy is ${HostConfig.RestartPolicy?.Name}`);
    if (HostConfig.Binds?.join() !== `${subject.name}-data:/data`) faults.push(`binds are ${HostConfig.Binds?.join()}`);
  }
  return faults;
}

/**
 * Kills the whole program with -9 while updates stand still at the given points, one container each, starts it again and
 * looks what becomes of them. Every other round its database and workflow servers die with it.
 */
export async function drill(
  kills: readonly KillPoint[],
  options: { serversDieToo: boolean; tell(line: string): void },
): Promise<DrillVerdict[]> {
  const sandbox = await startSandbox('drill');
  const dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-drill-'));
  const subjects: Subject[] = [];
  for (const [index, kill] of kills.entries()) subjects.push({ name: `drill${index}`, port: await freePort(), kill });
  let program: Awaited<ReturnType<typeof startProgramProcess>> | null = null;
  try {
    for (const subject of subjects) await raise(sandbox, subject);
    const pauses: Pause[] = subjects.map(({ name, kill }) => ({ container: name, point: kill.point, when: kill.when }));
    program = await startProgramProcess({
      dataDirectory,
      dockerHost: sandbox.dockerHost,
      script: 'test/drill/serve-with-pauses.ts',
      env: { DRILL_PAUSES: JSON.stringify(pauses), UPDATE_SOAK_SECONDS: '1' },
    });
    const ids = new Map<string, string>();
    for (const subject of subjects) ids.set(subject.name, await startUpdate(program, subject.name));
    for (const { name, kill } of subjects) {
      await until(
        () => existsSync(path.join(dataDirectory, 'paused', name)),
        `${name} standing still ${kill.when} ${kill.point}`,
      );
    }
    await program.kill();
    if (options.serversDieToo) await killServers(dataDirectory);

    const restarted = performance.now();
    program = await startProgramProcess({
      dataDirectory,
      dockerHost: sandbox.dockerHost,
      env: { UPDATE_SOAK_SECONDS: '1' },
    });
    const verdicts: DrillVerdict[] = [];
    for (const subject of subjects) {
      const ended = await updateEnd(program, ids.get(subject.name) ?? '', 120_000);
      const settledMs = Math.round(performance.now() - restarted);
      const faults = await faultsOf(sandbox, subject, ended.status);
      verdicts.push({ kill: subject.kill, faults, status: ended.status, settledMs });
      options.tell(
        `${faults.length === 0 ? 'ok   ' : 'FAULT'} killed ${subject.kill.when} ${subject.kill.point} (new version ${subject.kill.version}): ${ended.status}, settled ${(settledMs / 1000).toFixed(1)} s after the restart${faults.map((fault) => `; ${fault}`).join('')}`,
      );
    }
    return verdicts;
  } finally {
    await program?.stop();
    await sandbox.destroy();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}
