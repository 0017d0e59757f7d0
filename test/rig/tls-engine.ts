import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { findSystemProgram } from '../../embedded/find-executable.ts';
import { freePort } from '../../embedded/free-port.ts';
import { dockerdConfiguration } from '../../embedded/sandbox-configuration.ts';
import { sandboxLayout } from '../../embedded/sandbox-layout.ts';
import type { Sandbox } from './sandbox.ts';

export interface TlsEngine {
  /** `tcp://127.0.0.1:PORT` */
  dockerHost: string;
  /** A socket to the same engine, for the test itself. */
  socketPath: string;
  stop(): Promise<void>;
}

const openssl = (directory: string, ...args: string[]) =>
  execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });

/** A certificate authority in a folder of its own, as `ca.pem` and `ca-key.pem`. */
export function makeAuthority(directory: string, name: string): void {
  mkdirSync(directory, { recursive: true });
  const subject = [
    '-subj',
    `/CN=${name}`,
    '-days',
    '2',
    '-nodes',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
  ];
  openssl(directory, 'req', '-x509', ...subject, '-keyout', 'ca-key.pem', '-out', 'ca.pem');
}

/** A folder with `ca.pem`, `cert.pem` and `key.pem`, signed by that authority for loopback, a server or a client. */
export function makeCertificate(authority: string, directory: string, usage: 'serverAuth' | 'clientAuth'): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    path.join(directory, 'extensions'),
    `subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=${usage}\n`,
  );
  const key = ['-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', 'key.pem'];
  openssl(directory, 'req', ...key, '-subj', `/CN=${usage}`, '-out', 'request.pem');
  const signer = [
    '-CA',
    path.join(authority, 'ca.pem'),
    '-CAkey',
    path.join(authority, 'ca-key.pem'),
    '-CAcreateserial',
  ];
  openssl(
    directory,
    'x509',
    '-req',
    '-in',
    'request.pem',
    ...signer,
    '-days',
    '2',
    '-extfile',
    'extensions',
    '-out',
    'cert.pem',
  );
  copyFileSync(path.join(authority, 'ca.pem'), path.join(directory, 'ca.pem'));
}

/** A second engine beside the sandbox's own, on its containerd, that listens on TCP for those with a certificate only. */
export async function startTlsEngine(sandbox: Sandbox, certificates: string): Promise<TlsEngine> {
  const directory = path.join(sandbox.directory, 'tls-engine');
  const dockerd = findSystemProgram('dockerd');
  if (dockerd === null) throw new Error('the sandbox brought no dockerd');
  mkdirSync(directory, { recursive: true });
  const layout = sandboxLayout(sandbox.engine.directory);
  const state = path.join(layout.runDirectory, 'tls');
  mkdirSync(state, { recursive: true });
  const socketPath = path.join(state, 'docker.sock');
  const configuration = path.join(directory, 'daemon.json');
  writeFileSync(configuration, await dockerdConfiguration(layout, dockerd));
  const dockerHost = `tcp://127.0.0.1:${await freePort()}`;
  const child = spawn(
    dockerd,
    [
      ...['--config-file', configuration, '--containerd', layout.containerdSocket, '--containerd-namespace', 'tls'],
      ...['--containerd-plugins-namespace', 'tls-plugins', '--data-root', path.join(directory, 'data')],
      ...['--exec-root', path.join(state, 'exec'), '--pidfile', path.join(state, 'docker.pid')],
      ...['--host', dockerHost, '--host', `unix://${socketPath}`, '--bridge', 'none'],
      ...['--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false'],
      ...['--insecure-registry', '127.0.0.0/8', '--cgroup-parent', `${layout.cgroup}/tls`],
      ...['--exec-opt', 'native.cgroupdriver=cgroupfs', '--log-level', 'warn'],
      ...['--tlsverify', '--tlscacert', path.join(certificates, 'ca.pem')],
      ...['--tlscert', path.join(certificates, 'cert.pem'), '--tlskey', path.join(certificates, 'key.pem')],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const log = collect(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (let waited = 0; !(await answers(socketPath)); waited += 100) {
    if (child.exitCode !== null) throw new Error(`dockerd ended with ${child.exitCode}:\n${log()}`);
    if (waited > 60_000) throw new Error(`dockerd does not answer:\n${log()}`);
    await delay(100);
  }
  return {
    dockerHost,
    socketPath,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}

async function answers(socketPath: string): Promise<boolean> {
  return new Docker({ socketPath }).ping().then(
    () => true,
    () => false,
  );
}
