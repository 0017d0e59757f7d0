import { SERVICE_IMAGES } from './service-images.ts';
import type { ShapeImage } from './shape.ts';

/** As process 1 `sleep` ignores SIGTERM, and each stop would take the engine's ten seconds. */
const STOPS_AT_ONCE = 'STOPSIGNAL SIGKILL';
const SLEEPS = 'CMD ["sleep", "1000000"]';

/** Differs in a variable and a label only: everything else that differs afterwards is a fault. */
const plain: ShapeImage = {
  v1: ['ENV APP_VERSION=1', 'LABEL org.example.version=1', STOPS_AT_ONCE, SLEEPS],
  v2: ['ENV APP_VERSION=2', 'LABEL org.example.version=2', STOPS_AT_ONCE, SLEEPS],
  differences: { 'Config.Env.APP_VERSION': ['1', '2'], 'Config.Labels.org.example.version': ['1', '2'] },
};

/** Every field that an image can give a default for, other in each version; some of it in one of them only. */
const defaults: ShapeImage = {
  v1: [
    ...['ENV BOTH=1 SAME=same ONLY_V1=1', 'LABEL both=1 same=same only-v1=1'],
    ...['ENTRYPOINT ["/bin/env", "ENTRY=1"]', 'CMD ["sleep", "1000001"]', 'WORKDIR /work1', 'USER 1001'],
    ...['EXPOSE 8000 8001', 'VOLUME ["/both", "/only-v1"]', STOPS_AT_ONCE],
    ...['HEALTHCHECK --interval=1s --retries=5 CMD ["true", "1"]', 'SHELL ["/bin/sh", "-ec"]', 'ONBUILD RUN true'],
  ],
  v2: [
    ...['ENV BOTH=2 SAME=same ONLY_V2=2', 'LABEL both=2 same=same only-v2=2'],
    ...['ENTRYPOINT ["/bin/env", "ENTRY=2"]', 'CMD ["sleep", "1000002"]', 'WORKDIR /work2', 'USER 1002'],
    ...['EXPOSE 8000 8002', 'VOLUME ["/both", "/only-v2"]', 'STOPSIGNAL SIGTERM'],
    ...['HEALTHCHECK --interval=1500ms --retries=6 CMD ["true", "2"]', 'SHELL ["/bin/sh", "-exc"]'],
  ],
  newVolumes: ['/only-v2'],
  differences: {
    'Config.Env.BOTH': ['1', '2'],
    'Config.Env.ONLY_V1': ['1', null],
    'Config.Env.ONLY_V2': [null, '2'],
    'Config.Labels.both': ['1', '2'],
    'Config.Labels.only-v1': ['1', null],
    'Config.Labels.only-v2': [null, '2'],
    'Config.Entrypoint.1': ['ENTRY=1', 'ENTRY=2'],
    'Args.0': ['ENTRY=1', 'ENTRY=2'],
    'Config.Cmd.1': ['1000001', '1000002'],
    'Args.2': ['1000001', '1000002'],
    'Config.WorkingDir': ['/work1', '/work2'],
    'Config.User': ['1001', '1002'],
    'Config.ExposedPorts.8001/tcp': ['{}', null],
    'Config.ExposedPorts.8002/tcp': [null, '{}'],
    'NetworkSettings.Ports.8001/tcp': ['null', null],
    'NetworkSettings.Ports.8002/tcp': [null, 'null'],
    'Config.Volumes./only-v1': ['{}', null],
    'Config.Volumes./only-v2': [null, '{}'],
    'Config.StopSignal': ['SIGKILL', 'SIGTERM'],
    'Config.Healthcheck.Test.2': ['1', '2'],
    'Config.Healthcheck.Interval': ['1000000000', '1500000000'],
    'Config.Healthcheck.Retries': ['5', '6'],
  },
};

const EVERY_DEFAULT = [
  ...['ENV ADDED=1', 'LABEL added=1', 'ENTRYPOINT ["/bin/env", "ENTRY=1"]', 'WORKDIR /work', 'USER 1001'],
  ...['EXPOSE 8000', 'VOLUME /data', STOPS_AT_ONCE, 'HEALTHCHECK --interval=1s CMD ["true", "1"]'],
];

/** The old version says nothing but its command, the new one everything. */
const silent: ShapeImage = {
  v1: [SLEEPS],
  v2: [...EVERY_DEFAULT, SLEEPS],
  newVolumes: ['/data'],
  differences: {
    'Config.Env.ADDED': [null, '1'],
    'Config.Labels': ['{}', null],
    'Config.Labels.added': [null, '1'],
    'Config.Entrypoint': ['null', null],
    'Config.Entrypoint.0': [null, '/bin/env'],
    'Config.Entrypoint.1': [null, 'ENTRY=1'],
    Path: ['sleep', '/bin/env'],
    'Args.0': ['1000000', 'ENTRY=1'],
    'Args.1': [null, 'sleep'],
    'Args.2': [null, '1000000'],
    'Config.WorkingDir': ['', '/work'],
    'Config.User': ['', '1001'],
    'Config.ExposedPorts.8000/tcp': [null, '{}'],
    'NetworkSettings.Ports': ['{}', null],
    'NetworkSettings.Ports.8000/tcp': [null, 'null'],
    'Config.Volumes': ['null', null],
    'Config.Volumes./data': [null, '{}'],
    'Config.StopSignal': [null, 'SIGKILL'],
    'Config.Healthcheck.Test.0': [null, 'CMD'],
    'Config.Healthcheck.Test.1': [null, 'true'],
    'Config.Healthcheck.Test.2': [null, '1'],
    'Config.Healthcheck.Interval': [null, '1000000000'],
    'State.Health.Status': [null, 'healthy'],
  },
};

/** The other way round: what the old version said is gone from the new one. */
const silenced: ShapeImage = {
  v1: [...EVERY_DEFAULT, SLEEPS],
  v2: ['CMD ["sleep", "1000009"]'],
  differences: {
    'Config.Env.ADDED': ['1', null],
    'Config.Labels': [null, '{}'],
    'Config.Labels.added': ['1', null],
    'Config.Entrypoint': [null, 'null'],
    'Config.Entrypoint.0': ['/bin/env', null],
    'Config.Entrypoint.1': ['ENTRY=1', null],
    'Config.Cmd.1': ['1000000', '1000009'],
    Path: ['/bin/env', 'sleep'],
    'Args.0': ['ENTRY=1', '1000009'],
    'Args.1': ['sleep', null],
    'Args.2': ['1000000', null],
    'Config.WorkingDir': ['/work', ''],
    'Config.User': ['1001', ''],
    'Config.ExposedPorts.8000/tcp': ['{}', null],
    'NetworkSettings.Ports': [null, '{}'],
    'NetworkSettings.Ports.8000/tcp': ['null', null],
    'Config.Volumes': [null, 'null'],
    'Config.Volumes./data': ['{}', null],
    'Config.StopSignal': ['SIGKILL', null],
    'Config.Healthcheck.Test.0': ['CMD', null],
    'Config.Healthcheck.Test.1': ['true', null],
    'Config.Healthcheck.Test.2': ['1', null],
    'Config.Healthcheck.Interval': ['1000000000', null],
    'State.Health.Status': ['healthy', null],
  },
};

/** Its image has a volume with something in it, which an anonymous volume starts with. */
const volume: ShapeImage = {
  v1: ['COPY seed /data', 'VOLUME /data', STOPS_AT_ONCE, SLEEPS],
  v2: ['COPY seed /data', 'VOLUME /data', STOPS_AT_ONCE, SLEEPS, 'LABEL org.example.version=2'],
  files: { v1: { 'seed/from-image': 'of v1' }, v2: { 'seed/from-image': 'of v2', 'seed/new': 'of v2' } },
  differences: { 'Config.Labels': ['{}', null], 'Config.Labels.org.example.version': [null, '2'] },
};

/** Its paths are written with slashes at their ends. */
const slashes: ShapeImage = {
  v1: ['VOLUME ["/data/", "/more/deep/"]', 'WORKDIR /work/', STOPS_AT_ONCE, SLEEPS],
  v2: ['VOLUME ["/data", "/more/deep/"]', 'WORKDIR /work', STOPS_AT_ONCE, SLEEPS, 'LABEL org.example.version=2'],
  differences: {
    'Config.Labels': ['{}', null],
    'Config.Labels.org.example.version': [null, '2'],
    'Config.Volumes./data/': ['{}', null],
    'Config.Volumes./data': [null, '{}'],
  },
};

/** Its old version serves, its new one does its work and ends. */
const job: ShapeImage = {
  v1: [STOPS_AT_ONCE, 'CMD ["sleep", "1000000"]'],
  v2: [STOPS_AT_ONCE, 'CMD ["echo", "work done"]'],
  differences: {
    Path: ['sleep', 'echo'],
    'Args.0': ['1000000', 'work done'],
    'Config.Cmd.0': ['sleep', 'echo'],
    'Config.Cmd.1': ['1000000', 'work done'],
  },
};

/** Known under two names, each with a digest. */
const twoNames: ShapeImage = {
  v1: [...plain.v1, 'LABEL names=two'],
  v2: [...(plain.v2 ?? []), 'LABEL names=two'],
  alsoIn: 'two-names-elsewhere',
  differences: plain.differences,
};

const oneName: ShapeImage = {
  v1: [...plain.v1, 'LABEL names=one'],
  v2: [...(plain.v2 ?? []), 'LABEL names=one'],
  differences: plain.differences,
};

const tagged: ShapeImage = {
  v1: [...plain.v1, 'LABEL tags=two'],
  v2: [...(plain.v2 ?? []), 'LABEL tags=two'],
  v2Tag: 'next',
  differences: plain.differences,
};

const unchanging: ShapeImage = { v1: [...plain.v1, 'LABEL changes=never'], differences: {} };

/** Each is published once, whatever number of shapes runs it. */
export const IMAGES: Readonly<Record<string, ShapeImage>> = {
  plain,
  defaults,
  silent,
  silenced,
  volume,
  job,
  slashes,
  'two-names': twoNames,
  'one-name': oneName,
  tagged,
  unchanging,
  ...SERVICE_IMAGES,
};
