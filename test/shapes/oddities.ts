import type { Family, Shape } from './shape.ts';

function run(name: string, about: string, options: string[], more: Partial<Shape> = {}): Shape {
  return { name, about, made: { by: 'run', options }, ...more };
}

/** What is seldom, and allowed. */
export const ODDITIES: Family = {
  name: 'oddities',
  shapes: [
    run(
      'Odd_name.1-x',
      'a name with dots, capitals and underscores',
      ['-v', 'Odd.volume_1:/data', '--restart', 'always'],
      {
        writes: ['/data/written'],
      },
    ),
    run(
      'odd-texts',
      'line ends, quotes, blanks and other scripts in values',
      [
        ...['-e', 'LINES=one\ntwo', '-e', 'QUOTES="\'`$HOME\\', '-e', 'WORDS=grüße 你好 🐳', '-e', 'spaced name=1'],
        ...['-l', 'json={"a":[1,2]}', '-l', 'org.example/with-slash=1', '-l', 'empty='],
      ],
      { inside: ['env | grep -e WORDS -e QUOTES -e two'] },
    ),
    {
      name: 'odd-command',
      about: 'an empty argument and one with blanks in the command',
      made: { by: 'run', options: [], command: ['sh', '-c', 'sleep 1000000', '', 'a  b', '--flag='] },
    },
    run('odd-path', 'a bind whose path has blanks and a comma', ['-v', '{dir}/a b, c:/data with blank:ro'], {
      files: { 'a b, c/old': 'from the host' },
      inside: ['cat "/data with blank/old"'],
    }),
    run(
      'created-bind',
      'a bind whose directory the engine made, with a consistency mode',
      [...['-v', '{dir}/made/by/engine:/data:cached']],
      { writes: ['/data/written'] },
    ),
    run('image-slashes', 'volumes and a directory of the image that end in slashes', [], {
      image: 'slashes',
      writes: ['/data/written', '/more/deep/written'],
    }),
    run('own-slashes', 'volumes of the user’s that end in slashes', ['-v', '/mine/', '-v', '{name}-data:/data/'], {
      image: 'slashes',
      writes: ['/mine/written', '/data/written', '/more/deep/written'],
    }),
    run('real-time-signal', 'a stop signal by number, as systemd wants it', [
      '--stop-signal',
      'SIGRTMIN+3',
      '--stop-timeout',
      '0',
    ]),
    run(
      'none-with-mac',
      'a MAC address and a host name without a network',
      [...['--network', 'none', '--mac-address', '02:00:5e:00:53:09', '--hostname', 'lonely']],
      { inside: ['hostname'] },
    ),
    run('disconnected', 'taken off its only network', [], {
      afterwards: [['network', 'disconnect', 'bridge', '{name}']],
      differences: {
        'HostConfig.NetworkMode': ['default', 'none'],
      },
    }),
    run(
      'reconnected',
      'taken off its network and put back under another alias and address',
      [...['--network', '{name}-net', '--network-alias', 'old']],
      {
        before: [['network', 'create', '--subnet', '{pool}.221.0/24', '{name}-net']],
        afterwards: [
          ['network', 'disconnect', '{name}-net', '{name}'],
          ['network', 'connect', '--alias', 'new', '--ip', '{pool}.221.33', '{name}-net', '{name}'],
        ],
      },
    ),
    run(
      'three-networks',
      'three networks, one with a dot in its name, both families of addresses',
      [...['--network', '{name}-one', '--ip', '{pool}.222.5', '--ip6', 'fd00:5f::5']],
      {
        before: [
          ['network', 'create', '--ipv6', '--subnet', '{pool}.222.0/24', '--subnet', 'fd00:5f::/64', '{name}-one'],
          ['network', 'create', '{name}-two'],
          ['network', 'create', '{name}_Three'],
        ],
        afterwards: [
          ['network', 'connect', '--alias', '{name}', '{name}-two', '{name}'],
          ['network', 'connect', '--link-local-ip', '169.254.9.9', '{name}_Three', '{name}'],
        ],
      },
    ),
    run(
      'volumes-from-two',
      'volumes of two containers, one of them stopped, by name and by id',
      [...['--volumes-from', '{name}-store', '--volumes-from', '{name}-other:ro']],
      {
        before: [
          ['create', '--name', '{name}-store', '-v', '/stored', '-v', '{name}-named:/named', '{plain}'],
          ['run', '-d', '--name', '{name}-other', '-v', '/other', '{plain}'],
          ['exec', '{name}-other', 'sh', '-c', 'echo other > /other/old'],
        ],
        writes: ['/stored/written', '/named/written'],
        inside: ['cat /other/old'],
      },
    ),
    run('port-ranges-udp', 'ranges of UDP ports on one address', ['-p', '127.0.0.1:{port1}-{port2}:9000-9001/udp']),
    run(
      'paused-and-healthy',
      'paused, with a health check',
      [...['--health-cmd', 'true', '--health-interval', '1s', '--restart', 'unless-stopped']],
      { afterwards: [['pause', '{name}']] },
    ),
    run('settings-of-ours', 'labels that set its policy and soak', [
      ...['-l', 'docker-auto.enable=true', '-l', 'docker-auto.soak=0s', '-l', 'docker-auto.policy=approval'],
    ]),
  ],
};
