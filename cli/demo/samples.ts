import { createHash } from 'node:crypto';
import type { Sample, SampleVersion } from './sample.ts';

export const FRONT_NETWORK = 'shop-front';
export const BACK_NETWORK = 'shop-back';

const PAUSE_FOREVER = 'while true; do sleep 1 & wait $!; done';
/** As process 1 a shell ignores SIGTERM unless told otherwise, and every stop would take the engine's ten seconds. */
const STOP_AT_ONCE = "trap 'exit 0' TERM";

/** Checks every second, so that the demonstration is short; a real service would check more seldom. */
function healthcheck(command: string, retries: number): string {
  return `HEALTHCHECK --interval=1s --timeout=2s --retries=${retries} CMD ${command}`;
}

/** Bytes that don't compress, the same each time: something to pull. */
function catalogue(version: SampleVersion): Buffer {
  const blocks = Array.from({ length: 32_768 }, (_, index) =>
    createHash('sha512').update(`${version}:${index}`).digest(),
  );
  return Buffer.concat(blocks);
}

const web: Sample = {
  name: 'shop-web',
  repository: 'shop/web',
  story: 'a web page on a published port, with a named volume',
  expected: 'success',
  script: () => [
    STOP_AT_ONCE,
    '[ -f /www/orders/list.txt ] || echo "order 1" > /www/orders/list.txt',
    'httpd -f -p 80 -h /www & wait $!',
  ],
  dockerfile: () => ['EXPOSE 80', healthcheck('wget -q -O /dev/null http://127.0.0.1/', 3)],
  files: (version) => ({
    'www/index.html': { content: `<h1>shop v${version}</h1>\n` },
    'www/catalogue.bin': { content: catalogue(version) },
  }),
  run: (webPort) => ({
    HostConfig: {
      PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(webPort) }] },
      Binds: ['shop-orders:/www/orders'],
      NetworkMode: FRONT_NETWORK,
      RestartPolicy: { Name: 'unless-stopped' },
    },
  }),
  moreNetworks: [],
};

const api: Sample = {
  name: 'shop-api',
  repository: 'shop/api',
  story: 'two networks, own environment and labels, an anonymous volume',
  expected: 'success',
  script: () => [STOP_AT_ONCE, 'mkdir -p /srv', 'env > /srv/index.html', 'httpd -f -p 8080 -h /srv & wait $!'],
  dockerfile: (version) => [
    `ENV API_VERSION=${version}`,
    'VOLUME /var/cache/shop',
    healthcheck('wget -q -O /dev/null http://127.0.0.1:8080/', 3),
  ],
  files: () => ({}),
  run: () => ({
    Env: ['SHOP_CURRENCY=EUR'],
    Labels: { 'org.example.team': 'shop' },
    HostConfig: { NetworkMode: FRONT_NETWORK, RestartPolicy: { Name: 'unless-stopped' } },
  }),
  moreNetworks: [BACK_NETWORK],
};

const mail: Sample = {
  name: 'shop-mail',
  repository: 'shop/mail',
  story: 'its v2 never becomes healthy',
  expected: 'rollback',
  script: (version) => [
    STOP_AT_ONCE,
    version === 1 ? 'touch /tmp/ready' : 'echo "mail: the queue can not be opened, and there is no end to waiting"',
    PAUSE_FOREVER,
  ],
  dockerfile: () => [healthcheck('test -f /tmp/ready', 2)],
  files: () => ({ 'tmp/.keep': { content: '' } }),
  run: () => ({ HostConfig: { NetworkMode: BACK_NETWORK, RestartPolicy: { Name: 'unless-stopped' } } }),
  moreNetworks: [],
};

const jobs: Sample = {
  name: 'shop-jobs',
  repository: 'shop/jobs',
  story: 'its v2 exits at once',
  expected: 'rollback',
  script: (version) => [STOP_AT_ONCE, version === 1 ? PAUSE_FOREVER : 'echo "jobs: no list of jobs"; exit 1'],
  dockerfile: () => [],
  files: () => ({}),
  run: () => ({ HostConfig: { NetworkMode: BACK_NETWORK, RestartPolicy: { Name: 'unless-stopped' } } }),
  moreNetworks: [],
};

/** The sample stack, in the order it is told of. */
export const SAMPLES: readonly Sample[] = [web, api, mail, jobs];
