import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type Docker from 'dockerode';
import { namesAround, pageNow } from '../../rig/sample-container.ts';
import type { Sandbox } from '../../rig/sandbox.ts';
import { DATA_FILE, NEW_PAGE, OLD_PAGE, type Subject } from '../subjects.ts';
import { until } from '../until.ts';
import type { Acceptable } from './acceptable.ts';
import { differingSettings } from './same-settings.ts';

/** A container that has just been started has a moment to answer, and its health check to pass. */
const PATIENCE_MS = 8_000;

async function containerOf(docker: Docker, idOrName: string): Promise<Docker.ContainerInspectInfo | null> {
  try {
    return await docker.getContainer(idOrName).inspect();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
}

async function dataFaults(sandbox: Sandbox, subject: Subject): Promise<string[]> {
  const faults: string[] = [];
  for (const volume of subject.volumes) {
    const { Mountpoint } = await sandbox.docker
      .getVolume(volume)
      .inspect()
      .catch(() => ({ Mountpoint: '/nowhere' }));
    const file = path.join(Mountpoint, DATA_FILE);
    if (!existsSync(file)) faults.push(`the data in volume ${volume} are gone`);
    else if (readFileSync(file, 'utf8') !== subject.name) faults.push(`the data in volume ${volume} are others`);
  }
  return faults;
}

function stateFaults(subject: Subject, { State }: Docker.ContainerInspectInfo): string[] {
  const state = State.Paused ? 'paused' : State.Running ? 'running' : 'stopped';
  return state === subject.kind.state ? [] : [`is ${State.Status} instead of ${subject.kind.state}`];
}

async function serviceFaults(sandbox: Sandbox, subject: Subject, version: 'old' | 'new'): Promise<string[]> {
  if (subject.kind.state !== 'running') return [];
  const expected = version === 'old' ? OLD_PAGE : NEW_PAGE;
  let page: string | null = null;
  const serves = async () => {
    page = await pageNow(subject.port);
    return page === expected;
  };
  const isHealthy = async () => (await containerOf(sandbox.docker, subject.name))?.State.Health?.Status === 'healthy';
  const faults: string[] = [];
  await until('the page', serves, PATIENCE_MS).catch(() => faults.push(`serves ${page} instead of ${expected}`));
  if (subject.kind.healthcheck)
    await until('health', isHealthy, PATIENCE_MS).catch(() => faults.push('is not healthy'));
  return faults;
}

/** Both containers are there and the message names each, so that a person finds everything. */
async function keptFaults(sandbox: Sandbox, subject: Subject, message: string): Promise<string[]> {
  const faults: string[] = [];
  const names = (await namesAround(sandbox.docker, subject.name)).filter((name) => name.startsWith(subject.name));
  const predecessor = await containerOf(sandbox.docker, subject.before.Id);
  if (predecessor === null && subject.kind.restart !== 'rm') faults.push('the predecessor was not kept');
  for (const name of names) {
    const bare = new RegExp(`(^|[^\\w.-])${name.replaceAll('.', '\\.')}($|[^\\w-])`);
    if (!bare.test(message)) faults.push(`the message does not say that there is a container ${name}`);
  }
  for (const [name = ''] of message.matchAll(new RegExp(`${subject.name}\\.(next|previous)-[0-9a-f]{10}`, 'g'))) {
    if (!names.includes(name)) faults.push(`the message speaks of ${name}, which is not there`);
  }
  return faults;
}

/** Compares what has the name now with what had it before, the service and the data included. */
export async function containerFaults(
  sandbox: Sandbox,
  subject: Subject,
  message: string,
  wanted: Acceptable,
): Promise<string[]> {
  const faults = await dataFaults(sandbox, subject);
  if (wanted.bothKept) return [...faults, ...(await keptFaults(sandbox, subject, message))];
  const names = await namesAround(sandbox.docker, subject.name);
  const expectedNames = wanted.version === null ? [] : [subject.name];
  if (names.join() !== expectedNames.join())
    faults.push(`containers of the name: ${names.join(', ') || 'none'} instead of ${expectedNames.join() || 'none'}`);
  const after = await containerOf(sandbox.docker, subject.name);
  if (after === null || wanted.version === null) return faults;
  faults.push(...differingSettings(subject.before, after));
  const same = after.Id === subject.before.Id;
  if (wanted.version === 'new' && after.Image === subject.before.Image) faults.push('runs the old image');
  if (wanted.version === 'old' && after.Image !== subject.before.Image) faults.push('runs another image');
  // One that vanished is made again, and then by its image's id.
  const mayBeAnother = wanted.version === 'old' && (wanted.recreated === true || subject.kind.restart === 'rm');
  if (wanted.version === 'old' && !same && !mayBeAnother) faults.push('is another container than before');
  if (after.Config.Image !== subject.before.Config.Image && !mayBeAnother)
    faults.push(`its image is called ${after.Config.Image} instead of ${subject.before.Config.Image}`);
  if (wanted.state === 'any') return faults;
  return [...faults, ...stateFaults(subject, after), ...(await serviceFaults(sandbox, subject, wanted.version))];
}
