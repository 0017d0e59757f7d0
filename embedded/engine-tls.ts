import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { errorCode, errorText } from './error-code.ts';

export interface TlsFiles {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
}

/** How an engine is spoken to in secret, and what the trouble with it means. */
export interface EngineTls {
  /** Read anew for each connection, since certificates are renewed; null for an engine without TLS. */
  files(): TlsFiles | null;
  /** What an error says about TLS and what to do, as half a sentence; null for an error that says nothing of it. */
  explain(error: unknown): string | null;
}

const SERVER_NOT_VERIFIED =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_ALTNAME_INVALID$)/;
const CLIENT_REFUSED = /alert[ _](number|bad|unknown|certificate|handshake|access|unsupported|decrypt|internal)/i;
const FILES_DAMAGED = /^ERR_OSSL_/;

/** @param certPath folder with `ca.pem`, `cert.pem` and `key.pem` as the docker command has them, or null for no TLS */
export function engineTls(certPath: string | null): EngineTls {
  return {
    files: () => (certPath === null ? null : readTlsFiles(certPath)),
    explain: (error) => explainTrouble(error, certPath),
  };
}

/**
 * The files that are there: without `ca.pem` the system's authorities count, without the other two we show no
 * certificate.
 * @throws Error when the folder holds none of them
 */
export function readTlsFiles(certPath: string): TlsFiles {
  const files: TlsFiles = {};
  for (const name of ['ca', 'cert', 'key'] as const) {
    const file = path.join(certPath, `${name}.pem`);
    if (existsSync(file)) files[name] = readFileSync(file);
  }
  if (Object.keys(files).length === 0)
    throw new Error(`${certPath} holds neither ca.pem nor cert.pem and key.pem; name their folder in DOCKER_CERT_PATH`);
  return files;
}

function explainTrouble(error: unknown, certPath: string | null): string | null {
  const code = errorCode(error) ?? '';
  const message = errorText(error);
  const here = certPath === null ? null : path.resolve(certPath);
  if (/HTTP request to an HTTPS server/i.test(message))
    return 'it speaks TLS only: set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem';
  if (/WRONG_VERSION_NUMBER/.test(code) || /wrong version number/i.test(message))
    return 'it speaks no TLS on that port: name the port that does, or unset DOCKER_TLS_VERIFY';
  if (SERVER_NOT_VERIFIED.test(code)) {
    const mend = here === null ? 'set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH' : `see ca.pem in ${here}`;
    return `its certificate is not to be trusted (${code}), so it may be another machine: ${mend}`;
  }
  if (CLIENT_REFUSED.test(code) || CLIENT_REFUSED.test(message)) {
    if (here === null) return 'it asks for a certificate: set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH';
    return `it does not accept the certificate that we show (${code || 'TLS alert'}): see cert.pem and key.pem in ${here}`;
  }
  if (FILES_DAMAGED.test(code)) return `cert.pem and key.pem in ${here} can't be used (${code})`;
  if (here !== null && message.startsWith(certPath ?? '')) return message;
  return null;
}
