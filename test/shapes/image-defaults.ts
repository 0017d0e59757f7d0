import type { Family, Shape } from './shape.ts';

/** One field that the user set himself; all the others follow the image. */
function own(field: string, options: string[], keeps: string[], more: Partial<Shape> = {}): Shape {
  return {
    name: `own-${field}`,
    about: `${field} of the user’s, all else the image’s`,
    image: 'defaults',
    made: { by: 'run', options },
    keeps,
    ...more,
  };
}

const HEALTHCHECK = 'Config.Healthcheck';

/** Images whose versions differ in every default, with and without a word of the user's on each. */
export const IMAGE_DEFAULTS: Family = {
  name: 'image defaults',
  shapes: [
    {
      name: 'all-from-image',
      about: 'nothing of the user’s: every default follows the image',
      image: 'defaults',
      made: { by: 'run', options: [] },
      writes: ['/both/written', '/only-v1/written'],
    },
    own(
      'variables',
      ['-e', 'BOTH=mine', '-e', 'ONLY_V1=mine', '-e', 'ONLY_V2=mine', '-e', 'ADDED=mine'],
      ['Config.Env.'],
    ),
    own('variable-as-image', ['-e', 'SAME=same', '-e', 'BOTH=2'], ['Config.Env.BOTH'], {
      // Nobody can tell that this one is not from the image.
      differences: { 'Config.Env in order': ['SAME BOTH PATH', 'BOTH PATH SAME'] },
    }),
    own('labels', ['-l', 'both=mine', '-l', 'only-v1=mine', '-l', 'only-v2=mine', '-l', 'same='], ['Config.Labels.']),
    own('command', [], ['Config.Cmd.', 'Args.2'], {
      made: { by: 'run', options: [], command: ['sleep', '5000'] },
    }),
    own('entrypoint', [], ['Config.Cmd', 'Config.Entrypoint', 'Args'], {
      made: { by: 'run', options: ['--entrypoint', '/bin/sleep'], command: ['5000'] },
    }),
    own('entrypoint-alone', ['--entrypoint', '/bin/tail'], ['Config.Cmd', 'Config.Entrypoint', 'Args'], {
      made: { by: 'run', options: ['--tty', '--entrypoint', '/bin/cat'] },
    }),
    own('entrypoint-reset', [], ['Config.Cmd', 'Config.Entrypoint', 'Args'], {
      made: { by: 'run', options: ['--entrypoint', ''], command: ['sleep', '5000'] },
    }),
    own('directory', ['--workdir', '/mine'], ['Config.WorkingDir']),
    own('user', ['--user', '1003:1003'], ['Config.User']),
    own(
      'ports',
      ['--expose', '8001', '--expose', '8002', '-p', '127.0.0.1:{port1}:8000'],
      [...['Config.ExposedPorts.8002', 'NetworkSettings.Ports.8002']],
    ),
    own('volumes', ['-v', '{name}-one:/only-v1', '-v', '{name}-two:/only-v2', '-v', '/mine'], [], {
      writes: ['/only-v1/written', '/only-v2/written', '/mine/written', '/both/written'],
    }),
    own('stop-signal', ['--stop-signal', 'SIGQUIT', '--stop-timeout', '1'], ['Config.StopSignal']),
    own(
      'health-check',
      ['--health-cmd', 'true mine', '--health-interval', '1200ms', '--health-retries', '2'],
      [HEALTHCHECK],
    ),
    own('health-interval', ['--health-interval', '1100ms'], [`${HEALTHCHECK}.Interval`]),
    own('health-check-off', ['--no-healthcheck'], [`${HEALTHCHECK}.Test`]),
    {
      name: 'own-shell',
      about: 'shell of the user’s, all else the image’s',
      image: 'defaults',
      made: { by: 'api', body: { Image: '{image}', Shell: ['/bin/busybox', 'sh'] } as { Image: string } },
    },
    {
      name: 'all-own',
      about: 'everything of the user’s: nothing follows the image',
      image: 'defaults',
      made: {
        by: 'run',
        options: [
          ...['-e', 'BOTH=mine', '-e', 'ONLY_V1=mine', '-e', 'ONLY_V2=mine', '-l', 'both=mine', '-l', 'only-v1=mine'],
          ...['-l', 'only-v2=mine', '--entrypoint', '/bin/busybox', '--workdir', '/mine', '--user', '1003'],
          ...['--stop-signal', 'SIGINT', '--stop-timeout', '1'],
          ...['--health-cmd', 'true', '--health-interval', '900ms', '--health-retries', '2', '-v', '/mine'],
        ],
        command: ['sleep', '7000'],
      },
      writes: ['/mine/written'],
      keeps: [
        ...[
          'Config.Env',
          'Config.Labels',
          'Config.Entrypoint',
          'Config.Cmd',
          'Args',
          'Config.WorkingDir',
          'Config.User',
        ],
        ...['Config.StopSignal', HEALTHCHECK],
      ],
    },
    {
      name: 'defaults-appear',
      about: 'the new image says everything, the old one said nothing',
      image: 'silent',
      made: { by: 'run', options: ['--stop-timeout', '0'] },
    },
    {
      name: 'defaults-appear-own',
      about: 'the same, with the user’s word on each',
      image: 'silent',
      made: {
        by: 'run',
        options: [
          ...['-e', 'ADDED=mine', '-l', 'added=mine', '--entrypoint', '/bin/sleep', '-w', '/mine', '-u', '1003'],
          ...['--expose', '8000', '-v', '{name}-data:/data', '--stop-signal', 'SIGKILL', '--no-healthcheck'],
        ],
        command: ['8000'],
      },
      writes: ['/data/written'],
      keeps: [
        ...['Config.Env', 'Config.Labels', 'Config.Entrypoint', 'Path', 'Args', 'Config.WorkingDir', 'Config.User'],
        ...['Config.ExposedPorts', 'NetworkSettings.Ports', 'Config.StopSignal', `${HEALTHCHECK}.Test`, 'State.Health'],
      ],
    },
    {
      name: 'defaults-vanish',
      about: 'the new image says nothing, the old one said everything',
      image: 'silenced',
      made: { by: 'run', options: ['--stop-timeout', '1'] },
      writes: ['/data/written'],
    },
    {
      name: 'defaults-vanish-own',
      about: 'the same, with the user’s word on each',
      image: 'silenced',
      made: {
        by: 'run',
        options: [
          ...['-e', 'ADDED=mine', '-l', 'added=mine', '--entrypoint', '/bin/sleep', '-w', '/mine', '-u', '1003'],
          ...[
            '-p',
            '127.0.0.1:{port1}:8000',
            '-v',
            '{name}-data:/data',
            '--stop-signal',
            'SIGINT',
            '--stop-timeout',
            '0',
          ],
          ...['--health-cmd', 'true', '--health-interval', '900ms'],
        ],
        command: ['8000'],
      },
      writes: ['/data/written'],
      keeps: [
        ...['Config.Env', 'Config.Labels', 'Config.Entrypoint', 'Config.Cmd', 'Path', 'Args', 'Config.WorkingDir'],
        ...['Config.User', 'Config.ExposedPorts', 'NetworkSettings.Ports', 'Config.StopSignal', HEALTHCHECK],
        'State.Health',
      ],
    },
    {
      name: 'variable-taken-away',
      about: 'a variable of the image that the user took away, one given twice',
      made: { by: 'api', body: { Image: '{image}', Env: ['APP_VERSION', 'TWICE=1', 'TWICE=2'] } },
      keeps: ['Config.Env.APP_VERSION'],
    },
  ],
};
