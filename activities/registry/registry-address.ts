import { TypedFailure } from '../../contracts/failure-types.ts';

/** Docker Hub's name in references; its API answers under another host. */
const DOCKER_HUB = 'docker.io';
const DOCKER_HUB_API = 'registry-1.docker.io';

/** True for this machine's own addresses: 127.0.0.0/8, `localhost` and `::1`. `hostname` is as `URL.hostname` has it. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

/**
 * Where the API of a registry answers: HTTPS, and plain HTTP for loopback only, the same exception that Docker makes.
 * @param registry host with optional port, as a normalised reference has it (`docker.io`, `127.0.0.1:5000`)
 * @throws TypedFailure `ImageRefInvalid` when that is no address, such as a port above 65535
 */
export function registryUrl(registry: string): URL {
  const host = registry === DOCKER_HUB ? DOCKER_HUB_API : registry;
  if (!URL.canParse(`https://${host}/`)) {
    throw new TypedFailure(
      'ImageRefInvalid',
      `${registry} is not the address of a registry; expected a host name with an optional port.`,
    );
  }
  const url = new URL(`https://${host}/`);
  return isLoopback(url.hostname) ? new URL(`http://${host}/`) : url;
}

/** Host and port of a URL, the scheme's own port spelled out, for messages. */
export function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

/** True when a request that started at `from` may go on to `to`: never down from TLS, and to loopback only from loopback. */
export function mayGoOnTo(from: URL, to: URL): boolean {
  if (isLoopback(to.hostname) && !isLoopback(from.hostname)) return false;
  return to.protocol === 'https:' || (to.protocol === 'http:' && isLoopback(to.hostname));
}
