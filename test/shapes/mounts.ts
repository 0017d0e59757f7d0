import type { Family, Shape } from './shape.ts';

function run(name: string, about: string, options: string[], more: Partial<Shape> = {}): Shape {
  return { name, about, made: { by: 'run', options }, ...more };
}

/** Fills a volume before the container that may only read it. */
function fill(volume: string): string[] {
  return ['run', '--rm', '-v', `${volume}:/v`, '{plain}', 'sh', '-c', 'echo filled > /v/filled'];
}

/** Every kind of mount, each with something in it that must still be there. */
export const MOUNTS: Family = {
  name: 'mounts',
  shapes: [
    run(
      'bind',
      'directories and a file of the host, writable and not',
      [...['--volume', '{dir}/data:/data', '--volume', '{dir}/settings.conf:/etc/settings.conf:ro']],
      {
        files: { 'data/old': 'from the host', 'settings.conf': 'a=1' },
        writes: ['/data/written'],
        inside: ['cat /data/old /etc/settings.conf', 'touch /etc/settings.conf 2>&1'],
      },
    ),
    run(
      'bind-options',
      'a bind with --mount and its options',
      [
        ...['--mount', 'type=bind,source={dir}/data,target=/data,bind-propagation=private,bind-nonrecursive'],
        ...['--mount', 'type=bind,src={dir}/fixed,dst=/fixed,readonly'],
      ],
      {
        files: { 'data/old': 'from the host', 'fixed/file': 'fixed' },
        writes: ['/data/written'],
        inside: ['cat /fixed/file', 'touch /fixed/x 2>&1'],
      },
    ),
    run('named', 'a named volume', ['-v', '{name}-data:/data'], { writes: ['/data/written', '/data/second'] }),
    run(
      'named-modes',
      'named volumes with modes',
      [...['-v', '{name}-data:/data:nocopy', '-v', '{name}-fixed:/fixed:ro', '-v', '{name}-both:/both:rw,z']],
      {
        before: [fill('{name}-fixed')],
        writes: ['/data/written', '/both/written'],
        inside: ['cat /fixed/filled', 'touch /fixed/x 2>&1'],
      },
    ),
    run(
      'named-mount',
      'a named volume with --mount, labels and driver options',
      [
        '--mount',
        [
          ...['type=volume,source={name}-data,target=/data,volume-driver=local,volume-label=team=shop,volume-nocopy'],
          ...['volume-opt=type=none,volume-opt=o=bind,volume-opt=device={dir}/kept'],
        ].join(','),
      ],
      { files: { 'kept/old': 'from the host' }, writes: ['/data/written'], inside: ['cat /data/old'] },
    ),
    run('volume-driver', 'a volume driver for all', ['--volume-driver', 'local', '-v', '{name}-data:/data'], {
      writes: ['/data/written'],
    }),
    run('anonymous', 'anonymous volumes by -v', ['-v', '/data', '-v', '/more/data'], {
      writes: ['/data/written', '/more/data/written'],
    }),
    run('anonymous-mount', 'an anonymous volume by --mount', ['--mount', 'type=volume,target=/data'], {
      writes: ['/data/written'],
    }),
    run(
      'anonymous-mount-options',
      'an anonymous volume by --mount with options',
      [...['--mount', 'type=volume,target=/data,volume-label=team=shop,volume-nocopy']],
      { writes: ['/data/written'] },
    ),
    run('image-volume', 'the volume of the image, with what the image had in it', [], {
      image: 'volume',
      writes: ['/data/written'],
      inside: ['cat /data/from-image'],
    }),
    run('image-volume-named', 'a named volume where the image has one', ['-v', '{name}-data:/data'], {
      image: 'volume',
      writes: ['/data/written'],
      inside: ['cat /data/from-image'],
    }),
    run('image-volume-bound', 'a bind where the image has a volume', ['-v', '{dir}/data:/data'], {
      image: 'volume',
      files: { 'data/old': 'from the host' },
      writes: ['/data/written'],
    }),
    run('image-volume-tmpfs', 'a tmpfs where the image has a volume', ['--tmpfs', '/data:size=1m'], {
      image: 'volume',
    }),
    run(
      'image-volume-mount',
      'a volume with --mount where the image has one',
      [...['--mount', 'type=volume,source={name}-data,target=/data/']],
      { image: 'volume', writes: ['/data/written'] },
    ),
    run(
      'tmpfs',
      'tmpfs with and without options',
      ['--tmpfs', '/run', '--tmpfs', '/tmp:rw,noexec,nosuid,size=65536k'],
      {
        inside: ['grep -e " /run " -e " /tmp " /proc/mounts | busybox sort'],
      },
    ),
    run(
      'tmpfs-mount',
      'tmpfs by --mount with options',
      [...['--mount', 'type=tmpfs,target=/scratch,tmpfs-size=1048576,tmpfs-mode=1770']],
      { inside: ['grep " /scratch " /proc/mounts'] },
    ),
    run('volumes-from', 'volumes of another container', ['--volumes-from', '{name}-source'], {
      before: [
        ['run', '-d', '--name', '{name}-source', '-v', '{name}-named:/named', '-v', '/nameless', '{plain}'],
        ['exec', '{name}-source', 'sh', '-c', 'echo source > /named/old; echo source > /nameless/old'],
      ],
      writes: ['/named/written', '/nameless/written'],
      inside: ['cat /named/old /nameless/old'],
    }),
    run(
      'volumes-from-read-only',
      'volumes of another container, to read, with one of its own',
      [...['--volumes-from', '{name}-source:ro', '-v', '/own', '-v', '{name}-data:/data']],
      {
        before: [
          ['run', '-d', '--name', '{name}-source', '-v', '/nameless', '{plain}'],
          ['exec', '{name}-source', 'sh', '-c', 'echo source > /nameless/old'],
        ],
        writes: ['/own/written', '/data/written'],
        inside: ['cat /nameless/old', 'touch /nameless/x 2>&1'],
      },
    ),
    run(
      'nested',
      'mounts within mounts',
      [
        ...['-v', '{dir}/outer:/outer', '-v', '{name}-inner:/outer/inner', '--tmpfs', '/outer/inner/fast'],
        ...['-v', '/outer/nameless'],
      ],
      {
        files: { 'outer/old': 'from the host' },
        writes: ['/outer/written', '/outer/inner/written', '/outer/nameless/written'],
      },
    ),
    run('shared-volume', 'a volume that another container uses as well', ['-v', '{name}-data:/data'], {
      before: [['run', '-d', '--name', '{name}-reader', '-v', '{name}-data:/data:ro', '{plain}']],
      writes: ['/data/written'],
    }),
  ],
};
