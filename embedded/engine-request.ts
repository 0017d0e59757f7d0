import { type RequestOptions, request } from 'node:http';
import { request as requestSecurely } from 'node:https';
import { readTlsFiles } from './engine-tls.ts';

/** Where an engine listens, in the notation of `DOCKER_HOST`. */
export interface EngineAddress {
  dockerHost: string;
  /** Folder with `ca.pem`, `cert.pem` and `key.pem` for TLS, or null for none. */
  certPath: string | null;
}

/**
 * One GET on an engine, for finding and watching it; everything else goes through the client library.
 * @throws Error when it doesn't answer in time (milliseconds), or with another status than 200.
 */
export function requestEngine(
  { dockerHost, certPath }: EngineAddress,
  requestPath: string,
  timeoutMs: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const { send, options } = target(dockerHost, certPath);
    const call = send(
      { ...options, path: requestPath, signal: AbortSignal.timeout(timeoutMs), agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          body += text;
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200) resolve(body);
          else reject(new Error(`answered ${response.statusCode}: ${body.trim().slice(0, 200)}`));
        });
      },
    );
    call.on('error', (error) => {
      reject(
        error.name === 'AbortError' || error.name === 'TimeoutError'
          ? new Error(`no answer within ${timeoutMs / 1000} s`)
          : error,
      );
    });
    call.end();
  });
}

/** Why an engine at such an address can't be spoken to at all, and what to do; null for one that can. */
export function whyUnsupported(dockerHost: string): string | null {
  if (/^(unix|tcp|https?):\/\//.test(dockerHost)) return null;
  const scheme = dockerHost.split(':')[0];
  if (scheme === 'unknown')
    return 'its description can not be read; mend it, or choose another with DOCKER_CONTEXT or DOCKER_HOST';
  const forward =
    scheme === 'ssh'
      ? `, forward its socket (ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock ${dockerHost.slice('ssh://'.length)}) and use unix:///tmp/docker.sock`
      : '';
  return `${scheme}:// is not supported; use unix:// or tcp://${forward}, or run docker-auto on that machine`;
}

function target(dockerHost: string, certPath: string | null): { send: typeof request; options: RequestOptions } {
  if (dockerHost.startsWith('unix://'))
    return { send: request, options: { socketPath: dockerHost.slice('unix://'.length) } };
  const unsupported = whyUnsupported(dockerHost);
  if (unsupported !== null) throw new Error(unsupported);
  const url = new URL(dockerHost.replace(/^tcp:/, 'http:'));
  const address = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (certPath === null ? 2375 : 2376) : Number(url.port),
  };
  if (certPath === null) return { send: url.protocol === 'https:' ? requestSecurely : request, options: address };
  return {
    send: requestSecurely as typeof request,
    options: { ...address, ...readTlsFiles(certPath) } as RequestOptions,
  };
}
