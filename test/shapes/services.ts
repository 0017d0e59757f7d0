import { composeShape } from './compose.ts';
import type { Family } from './shape.ts';

const PROJECT = 'stack';

/** Modelled on what people run at home and at work. */
export const SERVICES: Family = {
  name: 'services',
  shapes: [
    {
      name: 'home-server',
      about: 'PUID, PGID, UMASK and TZ read by the entrypoint, bind mounts',
      image: 'user-init',
      files: { 'media/film': 'a film', 'config/old': 'kept' },
      made: {
        by: 'run',
        options: [
          ...[
            '-e',
            'PUID=1000',
            '-e',
            'PGID=1000',
            '-e',
            'UMASK=027',
            '-e',
            'TZ=Europe/Berlin',
            '--restart',
            'unless-stopped',
          ],
          ...['-v', '{dir}/config:/config', '-v', '{dir}/media:/media:ro', '-v', '/etc/localtime:/etc/localtime:ro'],
        ],
      },
      writes: ['/config/written'],
      inside: ['ls -ln /config | busybox awk "{print \\$1, \\$3, \\$4, \\$NF}"', 'cat /media/film /config/settings'],
    },
    {
      name: 'web-api',
      about: 'a web API with CPU and memory limits',
      image: 'web-api',
      files: { 'settings.toml': 'debug = false' },
      made: {
        by: 'run',
        options: [
          ...[
            '--cpus',
            '0.5',
            '--memory',
            '128m',
            '--memory-swap',
            '128m',
            '--pids-limit',
            '100',
            '--user',
            '1000:1000',
          ],
          ...[
            '--read-only',
            '--tmpfs',
            '/tmp:size=16m',
            '-e',
            'DATABASE_URL=postgres://app:secret@db/app',
            '-e',
            'WORKERS=2',
          ],
          ...[
            '-p',
            '127.0.0.1:{port1}:8000',
            '-v',
            '{dir}/settings.toml:/app/settings.toml:ro',
            '--restart',
            'on-failure:3',
          ],
          ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges:true'],
        ],
      },
      inside: ['cat /app/settings.toml', 'echo "$DATABASE_URL $WORKERS"'],
    },
    {
      name: 'proxy',
      about: 'a proxy of 25 MB with log rotation and ports of the host',
      image: 'proxy',
      files: { 'sites/main': 'example.org' },
      made: {
        by: 'run',
        options: [
          ...['-p', '{port1}:80', '-p', '{port2}:443', '-p', '{port2}:443/udp', '-v', '{dir}/sites:/etc/proxy:ro'],
          ...['-v', '{name}-data:/data', '--log-opt', 'max-size=10m', '--log-opt', 'max-file=5', '--restart', 'always'],
          ...['--cap-add', 'NET_ADMIN', '--add-host', 'host.docker.internal:host-gateway', '--network', '{name}-net'],
        ],
      },
      before: [['network', 'create', '{name}-net']],
      writes: ['/data/written', '/config/written'],
      inside: ['cat /etc/proxy/main', 'grep host.docker.internal /etc/hosts'],
    },
    {
      name: 'go-service',
      about: 'one program, settings by variables only, health on /api/v1/health',
      image: 'go-service',
      made: {
        by: 'run',
        options: [
          ...[
            '--env',
            'APP_PORT=8080',
            '--env',
            'APP_LOG_LEVEL=info',
            '--env',
            'APP_DATABASE_DSN=host=db user=app',
            '-p',
            '{port1}:8080',
          ],
          ...['--health-cmd', 'wget -q -O - http://127.0.0.1:8080/api/v1/health', '--health-interval', '1s'],
          ...[
            '--health-timeout',
            '2s',
            '--health-retries',
            '3',
            '--restart',
            'unless-stopped',
            '--sysctl',
            'net.core.somaxconn=512',
          ],
        ],
      },
      inside: ['env | grep APP_'],
    },
    composeShape(
      'database of a stack',
      {
        ...{ service: 'db', project: PROJECT, image: 'database' },
        body: {
          Env: ['DB_PASSWORD=secret'],
          Healthcheck: {
            Test: ['CMD-SHELL', 'test -f /accepting'],
            Interval: 1_000_000_000,
            Timeout: 5_000_000_000,
            Retries: 5,
          },
          HostConfig: {
            NetworkMode: `${PROJECT}_default`,
            RestartPolicy: { Name: 'unless-stopped' },
            Binds: [`${PROJECT}_db:/var/lib/db:rw`],
            ShmSize: 134_217_728,
          },
        },
      },
      { writes: ['/var/lib/db/rows'] },
    ),
    composeShape(
      'cache of a stack, its data in an anonymous volume',
      {
        ...{ service: 'cache', project: PROJECT, image: 'cache' },
        body: {
          Cmd: ['sleep', '900000'],
          Healthcheck: { Test: ['CMD', 'true'], Interval: 1_000_000_000, Retries: 3 },
        },
      },
      { before: [], writes: ['/data/dump'] },
    ),
    composeShape(
      'application of a stack, which waits for both to be healthy',
      {
        ...{ service: 'app', project: PROJECT, image: 'web-api' },
        dependsOn: 'cache:service_healthy:false,db:service_healthy:true',
        body: {
          Env: ['DATABASE_URL=postgres://app:secret@db/app', 'CACHE_URL=redis://cache'],
          HostConfig: {
            NetworkMode: `${PROJECT}_default`,
            RestartPolicy: { Name: 'unless-stopped' },
            PortBindings: { '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: '{port1}' }] },
          },
        },
      },
      { before: [] },
    ),
  ],
};
