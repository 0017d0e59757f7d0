import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type Docker from 'dockerode';
import { freePort } from '../../embedded/free-port.ts';
import { runContainer } from '../rig/sample-container.ts';
import type { Sandbox } from '../rig/sandbox.ts';
import type { ImagePress, ImageSettings } from './image-press.ts';
import type { Kind, NewVersion } from './kinds.ts';

/** A container that is updated in a drill, as it was before. */
export interface Subject {
  name: string;
  kind: Kind;
  /** Port of this machine that it serves on. */
  port: number;
  oldDigest: string;
  newDigest: string;
  before: Docker.ContainerInspectInfo;
  /** Names of its volumes; each holds the file `DATA_FILE` with the subject's name in it. */
  volumes: string[];
}

export const DATA_FILE = 'kept';
export const OLD_PAGE = 'v1';
export const NEW_PAGE = 'v2';

const SECOND = 1_000_000_000;
const PROBE = {
  Test: ['CMD-SHELL', 'wget -q -O /dev/null http://127.0.0.1/'],
  Interval: SECOND / 2,
  Timeout: 2 * SECOND,
  Retries: 3,
};

/** New versions that must not stay. */
const BAD: Record<Exclude<NewVersion, 'works'>, ImageSettings> = {
  exits: { Cmd: ['sh', '-c', 'echo broken; exit 1'] },
  unhealthy: {
    Healthcheck: { Test: ['CMD', 'false'], Interval: SECOND / 2, Timeout: SECOND, Retries: 2 },
    Cmd: ['sleep', '100000'],
  },
  refused: { Entrypoint: ['/no/such/program'] },
};

function imageSettings(version: string, kind: Kind, special: ImageSettings): ImageSettings {
  return {
    Env: ['PATH=/bin', `APP_VERSION=${version}`],
    Labels: { 'org.example.version': version },
    // It ends at once when it is told to.
    StopSignal: 'SIGKILL',
    Cmd: ['httpd', '-f', '-p', '80', '-h', '/www'],
    ...(kind.volume === 'anonymous' ? { Volumes: { '/var/anonymous': {} } } : {}),
    ...special,
  };
}

async function writeData(sandbox: Sandbox, name: string, volumes: string[]): Promise<void> {
  for (const volume of volumes) {
    const { Mountpoint } = await sandbox.docker.getVolume(volume).inspect();
    writeFileSync(path.join(Mountpoint, DATA_FILE), name);
  }
}

/** Publishes its old version, runs it as `docker run` would, puts data into its volume and publishes its new version. */
export async function raiseSubject(sandbox: Sandbox, press: ImagePress, name: string, kind: Kind): Promise<Subject> {
  const port = await freePort();
  const oldDigest = await press.publish(name, OLD_PAGE, imageSettings(OLD_PAGE, kind, {}), { bulk: 0 });
  const id = await runContainer(sandbox.docker, {
    name,
    Image: `${sandbox.registryHost}/${name}:stable`,
    ExposedPorts: { '80/tcp': {} },
    ...(kind.healthcheck ? { Healthcheck: PROBE } : {}),
    HostConfig: {
      PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
      ...(kind.restart === 'rm'
        ? { AutoRemove: true }
        : {
            RestartPolicy: { Name: kind.restart, ...(kind.restart === 'on-failure' ? { MaximumRetryCount: 3 } : {}) },
          }),
      ...(kind.volume === 'named' ? { Binds: [`${name}-data:/data`] } : {}),
    },
  });
  const container = sandbox.docker.getContainer(id);
  const volumes = (await container.inspect()).Mounts.flatMap(({ Name }) => (Name === undefined ? [] : [Name]));
  await writeData(sandbox, name, volumes);
  if (kind.state === 'paused') await container.pause();
  if (kind.state === 'stopped') await container.stop();
  const special = kind.newVersion === 'works' ? {} : BAD[kind.newVersion];
  const newDigest = await press.publish(name, NEW_PAGE, imageSettings(NEW_PAGE, kind, special), kind);
  return { name, kind, port, oldDigest, newDigest, before: await container.inspect(), volumes };
}
