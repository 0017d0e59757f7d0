import type { ShapeImage } from './shape.ts';

const VERSION_LABEL = 'org.opencontainers.image.version';

function labelled(version: 1 | 2, lines: string[]): string[] {
  return [...lines, `LABEL ${VERSION_LABEL}=${version}`, 'STOPSIGNAL SIGKILL'];
}

/** Prepares its files for a user that is told by number, as images for home servers do, then waits. */
const INIT = [
  'umask "$UMASK"',
  '[ -f /config/settings ] || echo "zone $TZ" > /config/settings',
  'busybox chown "$PUID:$PGID" /config/settings',
  'exec sleep 1000000',
].join('\n');

const userInit: ShapeImage = {
  v1: labelled(1, [
    ...[
      'COPY init /init',
      'ENV PUID=911 PGID=911 UMASK=022 TZ=Etc/UTC',
      'VOLUME /config',
      'ENTRYPOINT ["sh", "/init"]',
    ],
  ]),
  v2: labelled(2, [
    ...['COPY init /init', 'ENV PUID=911 PGID=911 UMASK=022 TZ=Etc/UTC LANG=C.UTF-8', 'VOLUME /config'],
    'ENTRYPOINT ["sh", "/init"]',
  ]),
  files: { v1: { init: INIT }, v2: { init: INIT } },
  differences: { [`Config.Labels.${VERSION_LABEL}`]: ['1', '2'], 'Config.Env.LANG': [null, 'C.UTF-8'] },
};

function webApiLines(patch: number): string[] {
  return [
    ...['COPY www /app/www', `ENV PYTHON_VERSION=3.12.${patch} PYTHONUNBUFFERED=1`, 'WORKDIR /app', 'EXPOSE 8000'],
    'HEALTHCHECK --interval=1s --timeout=2s --start-period=5s CMD wget -q -O /dev/null http://127.0.0.1:8000/',
    `CMD ["httpd", "-f", "-p", "8000", "-h", "/app/www"${patch === 1 ? '' : ', "-v"'}]`,
  ];
}

const webApi: ShapeImage = {
  v1: labelled(1, webApiLines(1)),
  v2: labelled(2, webApiLines(2)),
  files: { v1: { 'www/index.html': 'api v1' }, v2: { 'www/index.html': 'api v2' } },
  differences: {
    [`Config.Labels.${VERSION_LABEL}`]: ['1', '2'],
    'Config.Env.PYTHON_VERSION': ['3.12.1', '3.12.2'],
    'Config.Cmd.6': [null, '-v'],
    'Args.5': [null, '-v'],
  },
};

function proxyLines(version: 1 | 2): string[] {
  return labelled(version, [
    'RUN ["dd", "if=/dev/urandom", "of=/bin/modules", "bs=1M", "count=25"]',
    ...[
      'COPY www /srv',
      `ENV PROXY_VERSION=v2.${version}.0`,
      'EXPOSE 80 443 443/udp 2019',
      'VOLUME ["/config", "/data"]',
    ],
    'CMD ["httpd", "-f", "-p", "80", "-h", "/srv"]',
  ]);
}

const proxy: ShapeImage = {
  v1: proxyLines(1),
  v2: proxyLines(2),
  files: { v1: { 'www/index.html': 'proxy v1' }, v2: { 'www/index.html': 'proxy v2' } },
  differences: {
    [`Config.Labels.${VERSION_LABEL}`]: ['1', '2'],
    'Config.Env.PROXY_VERSION': ['v2.1.0', 'v2.2.0'],
  },
};

function goLines(version: 1 | 2): string[] {
  return labelled(version, [
    ...['COPY www /www', 'USER 65532:65532', 'EXPOSE 8080'],
    'ENTRYPOINT ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]',
  ]);
}

/** One program without a shell script around it, all of whose settings are variables. */
const goService: ShapeImage = {
  v1: goLines(1),
  v2: goLines(2),
  files: { v1: { 'www/api/v1/health': '{"ok":1}' }, v2: { 'www/api/v1/health': '{"ok":2}' } },
  differences: { [`Config.Labels.${VERSION_LABEL}`]: ['1', '2'] },
};

function databaseLines(version: 1 | 2): string[] {
  return labelled(version, [
    ...[`ENV DB_VERSION=18.${version} DB_DATA=/var/lib/db/data`, 'VOLUME /var/lib/db', 'EXPOSE 5432'],
    'CMD ["sh", "-c", "touch /accepting; exec sleep 1000000"]',
  ]);
}

const database: ShapeImage = {
  v1: databaseLines(1),
  v2: databaseLines(2),
  differences: { [`Config.Labels.${VERSION_LABEL}`]: ['1', '2'], 'Config.Env.DB_VERSION': ['18.1', '18.2'] },
};

function cacheLines(version: 1 | 2): string[] {
  return labelled(version, [
    ...['VOLUME /data', 'WORKDIR /data', 'EXPOSE 6379', 'CMD ["sleep", "1000000"]', `ENV CACHE_VERSION=8.${version}`],
  ]);
}

const cache: ShapeImage = {
  v1: cacheLines(1),
  v2: cacheLines(2),
  differences: { [`Config.Labels.${VERSION_LABEL}`]: ['1', '2'], 'Config.Env.CACHE_VERSION': ['8.1', '8.2'] },
};

/** Images modelled on what people run. */
export const SERVICE_IMAGES: Readonly<Record<string, ShapeImage>> = {
  'user-init': userInit,
  'web-api': webApi,
  proxy,
  'go-service': goService,
  database,
  cache,
};
