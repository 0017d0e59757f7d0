import type { Family, Shape } from './shape.ts';

const NETWORK = ['network', 'create', '--subnet'];

function provider(...options: string[]): string[] {
  return ['run', '-d', '--name', '{name}-provider', ...options, '{plain}'];
}

function run(name: string, about: string, options: string[], more: Partial<Shape> = {}): Shape {
  return { name, about, made: { by: 'run', options }, ...more };
}

// A name of its own that is its id would be sorted now here, now there.
const NAMES =
  'grep -v -e "^127" -e "::" /etc/hosts | busybox awk "{\\$1=\\"\\"; print}" | busybox sed "s/^ $(hostname)\\$/ own name/" | busybox sort';

/** Every network mode, and all that can be said of a place in a network. */
export const NETWORKS: Family = {
  name: 'networks',
  shapes: [
    run('bridge', 'the default bridge', []),
    run(
      'bridge-named',
      'the default bridge, by name, with DNS and hosts',
      [
        ...['--network', 'bridge', '--dns', '192.0.2.1', '--dns-option', 'ndots:2', '--dns-search', 'example.org'],
        ...['--add-host', 'printer:192.0.2.7', '--add-host', 'gate:host-gateway'],
      ],
      { inside: ['cat /etc/resolv.conf', 'grep -e printer -e gate /etc/hosts'] },
    ),
    run('bridge-mac', 'a MAC address in the default bridge', ['--mac-address', '02:00:5e:00:53:01'], {
      inside: ['cat /sys/class/net/eth0/address'],
    }),
    run(
      'bridge-links',
      'links to two containers, one under another name',
      [...['--link', '{name}-provider', '--link', '{name}-other:database']],
      {
        before: [provider(), ['run', '-d', '--name', '{name}-other', '{plain}']],
        inside: [NAMES],
      },
    ),
    run(
      'user-network',
      'one network of the user’s, aliases',
      [...['--network', '{name}-net', '--network-alias', 'web', '--network-alias', 'www']],
      { before: [['network', 'create', '{name}-net']], inside: ['nslookup www 127.0.0.11 | grep -c Address'] },
    ),
    run('user-network-by-id', 'a network that is given by its id', ['--network', '{networkId}'], {
      before: [['network', 'create', '{name}-net']],
    }),
    run(
      'static-address',
      'a static IPv4 address and a link-local one',
      [...['--network', '{name}-net', '--ip', '{pool}.201.77', '--link-local-ip', '169.254.7.7']],
      {
        before: [[...NETWORK, '{pool}.201.0/24', '{name}-net']],
        inside: ['ip -4 -o addr show eth0 | busybox awk "{print \\$4}"'],
      },
    ),
    run('static-ipv6', 'a static IPv6 address', ['--network', '{name}-net', '--ip6', 'fd00:5e::77'], {
      before: [['network', 'create', '--ipv6', '--subnet', 'fd00:5e::/64', '{name}-net']],
    }),
    run(
      'network-mac',
      'a MAC address in a network of the user’s',
      [...['--network', '{name}-net', '--mac-address', '02:00:5e:00:53:02']],
      { before: [['network', 'create', '{name}-net']], inside: ['cat /sys/class/net/eth0/address'] },
    ),
    run(
      'network-options',
      'driver options of the place in a network',
      [...['--network', 'name={name}-net,alias=one,driver-opt=com.example.level=3']],
      { before: [['network', 'create', '{name}-net']] },
    ),
    run(
      'network-links',
      'links within a network of the user’s',
      ['--network', '{name}-net', '--link', '{name}-provider:db'],
      {
        before: [['network', 'create', '{name}-net'], provider('--network', '{name}-net')],
        inside: ['nslookup db 127.0.0.11 | grep -c Address'],
      },
    ),
    run(
      'two-networks',
      'two networks: static addresses, aliases, a MAC address',
      [
        ...['--network', '{name}-front', '--ip', '{pool}.202.7', '--network-alias', 'web'],
        ...['--mac-address', '02:00:5e:00:53:03'],
      ],
      {
        before: [
          [...NETWORK, '{pool}.202.0/24', '{name}-front'],
          [...NETWORK, '{pool}.203.0/24', '{name}-back'],
          provider('--network', '{name}-back'),
        ],
        afterwards: [
          [
            ...['network', 'connect', '--ip', '{pool}.203.9', '--alias', 'api', '--alias', 'app'],
            ...['--link', '{name}-provider:db', '{name}-back', '{name}'],
          ],
        ],
        // In which order the engine names the interfaces is left to chance at every start.
        inside: [
          'ip -4 -o addr | busybox awk "{print \\$4}" | busybox sort',
          'cat /sys/class/net/*/address | grep 02:00:5e',
        ],
      },
    ),
    run('two-networks-free', 'two networks with addresses that the engine chose', ['--network', '{name}-front'], {
      before: [
        ['network', 'create', '{name}-front'],
        ['network', 'create', '{name}-back'],
      ],
      afterwards: [['network', 'connect', '{name}-back', '{name}']],
    }),
    run('bridge-and-network', 'the default bridge and another', [], {
      before: [['network', 'create', '{name}-net']],
      afterwards: [['network', 'connect', '--alias', 'also', '{name}-net', '{name}']],
    }),
    run('moved-network', 'taken off the network that it was made in', ['--network', '{name}-old'], {
      before: [
        ['network', 'create', '{name}-old'],
        ['network', 'create', '{name}-new'],
      ],
      afterwards: [
        ['network', 'connect', '{name}-new', '{name}'],
        ['network', 'disconnect', '{name}-old', '{name}'],
      ],
      differences: { 'HostConfig.NetworkMode': ['{name}-old', '{name}-new'] },
    }),
    run('host', 'the host’s network', ['--network', 'host']),
    run('host-named', 'the host’s network with a host name', ['--network', 'host', '--hostname', 'chosen'], {
      inside: ['hostname'],
    }),
    run('none', 'no network', ['--network', 'none'], { inside: ['ls /sys/class/net'] }),
    run(
      'container-network',
      'another container’s network, IPC and processes',
      [
        ...['--network', 'container:{name}-provider', '--ipc', 'container:{name}-provider'],
        ...['--pid', 'container:{name}-provider'],
      ],
      {
        before: [provider('--ipc', 'shareable', '--hostname', 'host-of-both', '-p', '127.0.0.1:{port1}:80')],
        inside: ['hostname', 'ps | grep -c "[s]leep 1000000"'],
      },
    ),
    run('internal', 'a network without a way out', ['--network', '{name}-net'], {
      before: [['network', 'create', '--internal', '--label', 'team=shop', '{name}-net']],
    }),
  ],
};
