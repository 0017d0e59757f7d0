import { readFileSync } from 'node:fs';
import { findSystemProgram } from './find-executable.ts';
import type { ContextFile } from './sandbox-image.ts';

const APPLETS = [
  ...['sh', 'cat', 'cp', 'date', 'dd', 'echo', 'env', 'false', 'find', 'grep', 'head', 'hostname', 'httpd', 'id', 'ip'],
  ...['kill', 'ln', 'ls', 'mkdir', 'mv', 'nc', 'nslookup', 'ps', 'rm', 'sed', 'seq', 'sleep', 'stat', 'tail', 'test'],
  ...['touch', 'true', 'wc', 'wget'],
];

/** Build context filesof a minimal userland: `bin/busybox` of this machine and a link for each usual applet. */
export function busyboxFiles(): Record<string, ContextFile> {
  const busybox = findSystemProgram('busybox');
  if (busybox === null) throw new Error('busybox is missing on this machine; install busybox-static');
  const links = APPLETS.map((name): [string, ContextFile] => [`bin/${name}`, { linkTo: 'busybox' }]);
  return { 'bin/busybox': { content: readFileSync(busybox), mode: 0o755 }, ...Object.fromEntries(links) };
}
