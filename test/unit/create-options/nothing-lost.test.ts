import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildCreateOptions } from '../../../domain/create-options/build-create-options.ts';
import { compareSuccessor } from '../../../domain/create-options/compare.ts';
import { inheritFromImage } from '../../../domain/create-options/inherit-from-image.ts';
import type {
  ContainerConfig,
  ContainerInspect,
  HealthcheckConfig,
  HostConfig,
  ImageInspect,
} from '../../../domain/engine-types.ts';
import { deepFreeze, fixture } from './fixture.ts';

const name = fc.constantFrom('A', 'B', 'C', 'PATH', 'LANG');
const word = fc.constantFrom('one', 'two', 'three', '');
const line = fc.array(fc.constantFrom('/bin/x', 'serve', '-v'), { maxLength: 2 });
const keys = (...all: string[]): fc.Arbitrary<Record<string, object>> =>
  fc.subarray(all).map((some) => Object.fromEntries(some.map((key) => [key, {}])));
const healthcheck: fc.Arbitrary<HealthcheckConfig | null> = fc.option(
  fc.record({
    Test: fc.constantFrom<string[]>(['CMD', 'a'], ['CMD-SHELL', 'b'], ['NONE']),
    Interval: fc.constantFrom(0, 1_000_000_000, 2_000_000_000),
    Retries: fc.constantFrom(0, 3, 5),
  }),
);

const config: fc.Arbitrary<ContainerConfig> = fc.record({
  Env: fc
    .uniqueArray(fc.tuple(name, word), { selector: ([key]) => key })
    .map((pairs) => pairs.map(([key, value]) => `${key}=${value}`)),
  Labels: fc.dictionary(name, word),
  Entrypoint: line,
  Cmd: line,
  User: word,
  WorkingDir: fc.constantFrom('', '/one', '/two'),
  StopSignal: fc.constantFrom('', 'SIGINT', 'SIGQUIT'),
  ExposedPorts: keys('80/tcp', '443/tcp', '53/udp'),
  Volumes: keys('/data', '/cache'),
  Healthcheck: healthcheck,
});

const hostConfig: fc.Arbitrary<HostConfig> = fc.record({
  NetworkMode: fc.constant('default'),
  Memory: fc.constantFrom(0, 64, 128),
  CapAdd: fc.subarray(['NET_ADMIN', 'SYS_TIME']),
  Binds: fc.subarray(['/srv/a:/a', 'named:/b:ro']),
  Unknown: fc
    .anything({ withBigInt: false, maxDepth: 2, values: [fc.string(), fc.integer(), fc.boolean()] })
    .filter((value) => value !== undefined),
  PortBindings: keys('80/tcp', '8080/tcp').map((ports) =>
    Object.fromEntries(Object.keys(ports).map((port) => [port, [{ HostPort: '1' }]])),
  ),
});

/** Mutation testing asks for fewer. */
const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) };

const BASE = fixture('plain-web');

/** A container as the engine would have made it from what the user wrote and the image. */
function containerOf(user: ContainerConfig, image: ContainerConfig, host: HostConfig): ContainerInspect {
  const bindings = Object.keys(host.PortBindings ?? {}).map((port) => [port, {}] as const);
  const made = inheritFromImage(
    { ...user, ExposedPorts: { ...user.ExposedPorts, ...Object.fromEntries(bindings) } },
    image,
  );
  const volumes = Object.keys(made.Volumes ?? {}).map((path, index) => ({
    Type: 'volume',
    Name: `${index}`.repeat(64),
    Destination: path,
    RW: true,
  }));
  const binds = (host.Binds ?? []).map((bind) => {
    const [source = '', destination = '', mode] = bind.split(':');
    const isVolume = !source.startsWith('/');
    return {
      Type: isVolume ? 'volume' : 'bind',
      ...(isVolume ? { Name: source } : { Source: source }),
      Destination: destination,
      RW: mode !== 'ro',
    };
  });
  const Config: ContainerConfig = { ...made, Image: 'shop/web:1.25', Hostname: BASE.container.Id.slice(0, 12) };
  return { ...BASE.container, Config, HostConfig: host, Mounts: [...volumes, ...binds] };
}

const imageOf = (id: string, of: ContainerConfig): ImageInspect => ({ Id: id, Config: of });

describe('whatever the user set and whatever the images’ defaults are', () => {
  const situation = fc.record({ user: config, oldDefaults: config, newDefaults: config, host: hostConfig });
  const build = ({
    user,
    oldDefaults,
    newDefaults,
    host,
  }: {
    user: ContainerConfig;
    oldDefaults: ContainerConfig;
    newDefaults: ContainerConfig;
    host: HostConfig;
  }) => {
    const container = deepFreeze(containerOf(user, oldDefaults, host));
    const oldImage = deepFreeze(imageOf('sha256:old', oldDefaults));
    const newImage = deepFreeze(imageOf('sha256:new', newDefaults));
    const options = buildCreateOptions({
      containerInspect: container,
      oldImage,
      newImage,
      apiVersion: '1.41',
      presentContainers: new Map(),
    });
    return { container, oldImage, newImage, options, successor: inheritFromImage(options.body, newDefaults) };
  };

  it('nothing of the user’s is lost, and the inspects are not changed', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { container, options, successor } = build(given);
        const { user, oldDefaults, host } = given;
        for (const entry of user.Env ?? [])
          if (!oldDefaults.Env?.includes(entry)) expect(successor.Env).toContain(entry);
        for (const [key, value] of Object.entries(user.Labels ?? {})) {
          if (oldDefaults.Labels?.[key] !== value) expect(successor.Labels?.[key]).toBe(value);
        }
        for (const field of ['User', 'WorkingDir', 'StopSignal'] as const) {
          if (user[field] !== '' && user[field] !== oldDefaults[field]) expect(successor[field]).toBe(user[field]);
        }
        for (const port of Object.keys(host.PortBindings ?? {})) expect(successor.ExposedPorts).toHaveProperty([port]);
        for (const [field, value] of Object.entries(host)) expect(options.body.HostConfig[field]).toEqual(value);
        for (const mount of container.Mounts.filter(({ Type }) => Type === 'volume')) {
          const everywhere = JSON.stringify([options.body.HostConfig.Binds, options.body.HostConfig.Mounts]);
          expect(everywhere).toContain(String(mount.Name));
        }
      }),
      RUNS,
    );
  });

  it('no default of the old image stays where the user set nothing', () => {
    fc.assert(
      fc.property(situation, ({ oldDefaults, newDefaults, host }) => {
        const user: ContainerConfig = {};
        const { successor } = build({ user, oldDefaults, newDefaults, host: { ...host, PortBindings: {} } });
        const expected = inheritFromImage({}, newDefaults);
        for (const field of [
          'Env',
          'Entrypoint',
          'Cmd',
          'User',
          'WorkingDir',
          'StopSignal',
          'Healthcheck',
          'Labels',
          'ExposedPorts',
          'Volumes',
        ] as const) {
          expect([field, successor[field]]).toEqual([field, expected[field]]);
        }
      }),
      RUNS,
    );
  });

  it('with an unchanged image the successor is what the predecessor was', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { container, oldImage, options } = build({ ...given, newDefaults: given.oldDefaults });
        const Config = { ...inheritFromImage(options.body, given.oldDefaults), Hostname: 'x' };
        const actual = {
          ...container,
          Id: 'x'.repeat(64),
          Image: 'sha256:old',
          Config,
          HostConfig: options.body.HostConfig,
        };
        const networks = { ...container.NetworkSettings, Networks: { bridge: {} } };
        const successor = { ...actual, NetworkSettings: networks };
        expect(
          compareSuccessor({ options, predecessor: container, actual: successor, oldImage, newImage: oldImage }),
        ).toEqual([]);
        for (const field of [
          'Env',
          'Labels',
          'ExposedPorts',
          'Volumes',
          'Entrypoint',
          'Cmd',
          'User',
          'WorkingDir',
          'StopSignal',
        ] as const) {
          const [after, before] = [Config[field], container.Config[field]];
          expect(Array.isArray(after) && field === 'Env' ? [...after].sort() : after).toEqual(
            Array.isArray(before) && field === 'Env' ? [...before].sort() : before,
          );
        }
      }),
      RUNS,
    );
  });
});
