import type { Family, Shape } from './shape.ts';

function run(name: string, about: string, options: string[], more: Partial<Shape> = {}): Shape {
  return { name, about, made: { by: 'run', options }, ...more };
}

/** Every way to publish a port. */
export const PORTS: Family = {
  name: 'ports',
  shapes: [
    run('port-tcp', 'a TCP port', ['--publish', '{port1}:80']),
    run('port-udp', 'a UDP port and the same in TCP', ['-p', '{port1}:53/udp', '-p', '{port1}:53/tcp']),
    run('port-sctp', 'a port exposed in a third protocol', ['--expose', '3868/sctp']),
    run('port-address', 'a port on one address of the host', ['-p', '127.0.0.1:{port1}:80']),
    run('port-ipv6', 'a port on an IPv6 address', ['-p', '[::1]:{port1}:80']),
    run('port-range', 'a range of ports', ['-p', '{port1}-{port3}:8000-8002']),
    run('port-one-of-a-range', 'any port of a range', ['-p', '{port1}-{port3}:80']),
    run('port-ephemeral', 'a port that the engine chooses', ['-p', '80', '-p', '127.0.0.1::443']),
    run('port-all', 'every exposed port published', ['--publish-all', '--expose', '7000-7001', '--expose', '7002/udp']),
    run('port-exposed', 'ports exposed, not published', ['--expose', '9000', '--expose', '9001-9002/udp']),
    run('port-twice', 'one port on two ports of the host', [
      '-p',
      '127.0.0.1:{port1}:80',
      '-p',
      '127.0.0.1:{port2}:80',
    ]),
    run('port-of-image', 'a port that only the old image exposes, published', ['-p', '127.0.0.1:{port1}:8001'], {
      image: 'defaults',
      keeps: ['Config.ExposedPorts.8001', 'NetworkSettings.Ports.8001'],
    }),
  ],
};
