import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Docker from 'dockerode';
import { createDockerEngine } from '../../activities/docker/engine/docker-engine.ts';
import { engineTls } from '../../embedded/engine-tls.ts';
import { findDockerEngine } from '../../embedded/find-docker.ts';
import { update } from '../rig/api-client.ts';
import { startProgramProcess } from '../rig/program-process.ts';
import { publishWeb, runContainer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';
import { makeAuthority, makeCertificate, startTlsEngine, type TlsEngine } from '../rig/tls-engine.ts';

let sandbox: Sandbox;
let engine: TlsEngine;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'docker-auto-test-tls-'));
  for (const name of ['authority', 'stranger']) makeAuthority(path.join(folder, name), name);
  makeCertificate(at('authority'), at('server'), 'serverAuth');
  makeCertificate(at('authority'), at('client'), 'clientAuth');
  makeCertificate(at('stranger'), at('foreign'), 'clientAuth');
  sandbox = await startSandbox('tls');
  engine = await startTlsEngine(sandbox, at('server'));
});

afterAll(async () => {
  await engine?.stop();
  await sandbox?.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => path.join(folder, name);
const speak = (certPath: string | null) => createDockerEngine(engine.dockerHost, engineTls(certPath));

/** A folder with the authority of one and the certificate of the other. */
function mixed(name: string, authority: string, certificate: string | null): string {
  makeCertificate(at(certificate === 'foreign' ? 'stranger' : 'authority'), at(name), 'clientAuth');
  copyFileSync(path.join(at(authority), 'ca.pem'), path.join(at(name), 'ca.pem'));
  if (certificate === null) for (const file of ['cert.pem', 'key.pem']) rmSync(path.join(at(name), file));
  return at(name);
}

describe('an engine behind TLS', () => {
  it('is found and spoken to with the certificates that DOCKER_CERT_PATH names', async () => {
    const env = { DOCKER_HOST: engine.dockerHost, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: at('client') };
    expect(await findDockerEngine({ env })).toMatchObject({ kind: 'found', certPath: at('client') });
    expect(await speak(at('client')).version()).toMatchObject({ os: 'linux' });
    expect(await speak(at('client')).listContainers()).toEqual([]);
  });

  it.each<[string, () => string | null, RegExp]>([
    ['without TLS', () => null, /speaks TLS only: set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH/],
    [
      'with a certificate of another authority',
      () => mixed('wrong', 'authority', 'foreign'),
      /does not accept the certificate that we show .*cert\.pem and key\.pem in .*wrong/,
    ],
    [
      'without a certificate',
      () => mixed('bare', 'authority', null),
      /does not accept the certificate that we show .*cert\.pem and key\.pem in .*bare/,
    ],
    ['that another authority vouches for', () => at('foreign'), /may be another machine: see ca\.pem in .*foreign/],
    ['with an empty folder', () => folder, /holds neither ca\.pem nor cert\.pem/],
  ])('%s is one that is away, in a message that says why and what to do', async (_how, certPath, reason) => {
    const path = certPath();
    // Again and again, since the refusal comes while the question is still being sent.
    for (let tries = 0; tries < 10; tries += 1) {
      await expect(speak(path).listContainers()).rejects.toMatchObject({
        type: 'EngineUnavailable',
        message: expect.stringMatching(reason),
      });
    }
    const env = { DOCKER_HOST: engine.dockerHost, ...(path && { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: path }) };
    expect(await findDockerEngine({ env })).toMatchObject({
      kind: 'unreachable',
      reason: expect.stringMatching(reason),
    });
  });

  it('has its containers updated by the program as any other', async () => {
    const docker = new Docker({ socketPath: engine.socketPath });
    const first = await publishWeb(sandbox, 'web:stable', 'v1');
    await runContainer(docker, {
      name: 'web',
      Image: `${sandbox.registryHost}/web:stable`,
      HostConfig: { NetworkMode: 'none' },
    });
    const second = await publishWeb(sandbox, 'web:stable', 'v2');
    const dataDirectory = mkdtempSync(path.join(os.tmpdir(), 'docker-auto-test-tls-data-'));
    const program = await startProgramProcess({
      dataDirectory,
      dockerHost: engine.dockerHost,
      env: { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: at('client') },
    });
    try {
      const ended = await update(program, 'web', { soak: 0 });
      expect({ message: ended.message, ...ended }).toMatchObject({
        status: 'success',
        old_digest: first,
        new_digest: second,
      });
      const after = await docker.getContainer('web').inspect();
      expect(after.Config.Env).toContain('APP_VERSION=v2');
    } finally {
      await program.stop();
      await rm(dataDirectory, { recursive: true, force: true });
      await docker.getContainer('web').remove({ force: true });
    }
  });
});
