import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildCreateOptions, type CreateOptions } from '../../../domain/create-options/build-create-options.ts';
import { describeDifferences } from '../../../domain/create-options/compare.ts';
import { inheritFromImage } from '../../../domain/create-options/inherit-from-image.ts';
import type { ContainerInspect, EndpointSettings } from '../../../domain/engine-types.ts';
import { deepFreeze } from './fixture.ts';
import { type GeneratedInspect, generatedInspect, SHORT_ID } from './generated-inspects.ts';

/** Mutation testing asks for fewer. */
const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 500) };

function build({ container, oldImage, newImage, apiVersion, presentContainers }: GeneratedInspect): CreateOptions {
  return buildCreateOptions({ containerInspect: container, oldImage, newImage, apiVersion, presentContainers });
}

/** Every endpoint of the call, wherever it stands. */
function endpointsOf(options: CreateOptions): Map<string, EndpointSettings> {
  return new Map([
    ...Object.entries(options.body.NetworkingConfig.EndpointsConfig),
    ...options.connectAfterCreate.map(({ network, endpoint }) => [network, endpoint] as const),
  ]);
}

const modeOf = (container: ContainerInspect): string => container.HostConfig.NetworkMode ?? '';
const joinsAnother = (container: ContainerInspect): boolean => modeOf(container).startsWith('container:');
const isAlone = (container: ContainerInspect): boolean =>
  ['host', 'none'].includes(modeOf(container)) || joinsAnother(container);

/** Fields of Config that an image gives defaults for, and those that the rules make anew. */
const FOLLOWING = new Set([
  ...[
    'Env',
    'Labels',
    'Entrypoint',
    'Cmd',
    'User',
    'WorkingDir',
    'StopSignal',
    'ExposedPorts',
    'Volumes',
    'Healthcheck',
  ],
  ...['Hostname', 'Image', 'MacAddress', 'Domainname'],
]);
/** Fields of HostConfig that another container's network forbids, and those that name volumes and containers. */
const ADAPTED = new Set(['Binds', 'Mounts', 'NetworkMode', 'IpcMode', 'PidMode']);
const FORBIDDEN = new Set(['Dns', 'ExtraHosts', 'PortBindings', 'PublishAllPorts', 'Links']);

function check(property: (given: GeneratedInspect, options: CreateOptions) => void): void {
  fc.assert(
    fc.property(generatedInspect, (given) => property(given, build(given))),
    RUNS,
  );
}

describe('for every inspect that an engine could give', () => {
  it('the inspects are neither changed nor shared', () => {
    fc.assert(
      fc.property(generatedInspect, (given) => {
        const before = JSON.stringify(given);
        const options = build(given);
        const spoil = (value: unknown): void => {
          if (typeof value !== 'object' || value === null) return;
          for (const inner of Object.values(value)) spoil(inner);
          if (Array.isArray(value)) value.push('spoilt');
          else (value as Record<string, unknown>).spoilt = true;
        };
        spoil(options);
        expect(JSON.stringify(given)).toBe(before);
      }),
      RUNS,
    );
  });

  it('frozen inspects will do', () => {
    fc.assert(
      fc.property(generatedInspect, (given) => {
        deepFreeze(given.container);
        deepFreeze(given.oldImage);
        deepFreeze(given.newImage);
        build(given);
      }),
      RUNS,
    );
  });

  it('every field of Config that no image gives a default for stays as it is', () => {
    check(({ container }, { body }) => {
      for (const [field, value] of Object.entries(container.Config))
        if (!FOLLOWING.has(field)) expect([field, body[field]]).toEqual([field, value]);
      if (!joinsAnother(container)) expect(body.Domainname).toEqual(container.Config.Domainname);
    });
  });

  it('every field of HostConfig stays as it is, but for those that another container’s network forbids', () => {
    check(({ container }, { body }) => {
      for (const [field, value] of Object.entries(container.HostConfig)) {
        if (ADAPTED.has(field) || (joinsAnother(container) && FORBIDDEN.has(field))) continue;
        if (modeOf(container) === 'host' && field === 'Links') continue;
        expect([field, body.HostConfig[field]]).toEqual([field, value]);
      }
      if (!joinsAnother(container)) return;
      for (const field of FORBIDDEN) expect([[], {}, null, false, undefined]).toContainEqual(body.HostConfig[field]);
    });
  });

  it('a variable is sent exactly when it is not the old image’s own', () => {
    check(({ container, oldImage }, { body }) => {
      const ofImage = new Set(oldImage.Config?.Env ?? []);
      const users = (container.Config.Env ?? []).filter((entry) => !ofImage.has(entry));
      expect(body.Env ?? []).toEqual(users);
    });
  });

  it('a label is sent exactly when it is not the old image’s own; Compose’s note of the image follows it', () => {
    check(({ container, oldImage, newImage }, { body }) => {
      const ofImage = oldImage.Config?.Labels ?? {};
      const users = Object.entries(container.Config.Labels ?? {}).filter(([key, value]) => ofImage[key] !== value);
      const followed = users.map(([key, value]) => [key, key === 'com.docker.compose.image' ? newImage.Id : value]);
      expect(Object.entries(body.Labels ?? {})).toEqual(followed);
    });
  });

  it('a single field is sent exactly when it is not the old image’s own', () => {
    check(({ container, oldImage }, { body }) => {
      for (const field of ['User', 'WorkingDir', 'StopSignal'] as const) {
        const value = container.Config[field] ?? '';
        const isUsers = value !== '' && value !== oldImage.Config?.[field];
        expect([field, body[field]]).toEqual([field, isUsers ? value : undefined]);
      }
    });
  });

  it('a port or volume of the user’s is sent; one of the old image’s only where it is published', () => {
    check(({ container, oldImage }, { body }) => {
      const ofImage = oldImage.Config?.ExposedPorts ?? {};
      const published = container.HostConfig.PortBindings ?? {};
      const ports = Object.keys(container.Config.ExposedPorts ?? {}).filter(
        (port) => !(port in ofImage) || port in published,
      );
      if (!joinsAnother(container)) expect(Object.keys(body.ExposedPorts ?? {})).toEqual(ports);
      const volumes = Object.keys(container.Config.Volumes ?? {}).filter(
        (path) => !(path in (oldImage.Config?.Volumes ?? {})),
      );
      expect(Object.keys(body.Volumes ?? {})).toEqual(volumes);
    });
  });

  it('a field of the health check is sent exactly when it is set and not the old image’s own', () => {
    check(({ container, oldImage }, { body }) => {
      const ofImage = oldImage.Config?.Healthcheck ?? {};
      const users = Object.entries(container.Config.Healthcheck ?? {}).filter(([field, value]) => {
        const isSet = Array.isArray(value) ? value.length > 0 : value !== 0;
        return (
          isSet && JSON.stringify(value) !== JSON.stringify(ofImage[field] ?? (Array.isArray(value) ? [] : undefined))
        );
      });
      expect(body.Healthcheck ?? {}).toEqual(Object.fromEntries(users));
    });
  });

  it('the same program runs with the same arguments where either is the user’s', () => {
    check(({ container, oldImage, newImage }, { body }) => {
      const [before, after] = [container.Config, inheritFromImage(body, newImage.Config ?? {})];
      const same = (one: unknown, other: unknown) => JSON.stringify(one ?? []) === JSON.stringify(other ?? []);
      const entrypointIsUsers = !same(before.Entrypoint, oldImage.Config?.Entrypoint);
      if (entrypointIsUsers) {
        expect(after.Entrypoint ?? []).toEqual(before.Entrypoint ?? []);
        expect(after.Cmd ?? []).toEqual(before.Cmd ?? []);
      } else if (!same(before.Cmd, oldImage.Config?.Cmd)) expect(after.Cmd ?? []).toEqual(before.Cmd ?? []);
      else {
        expect(after.Entrypoint ?? []).toEqual(newImage.Config?.Entrypoint ?? []);
        expect(after.Cmd ?? []).toEqual(newImage.Config?.Cmd ?? []);
      }
    });
  });

  it('every volume is attached once, by its name, where it was', () => {
    check(({ container }, { body }) => {
      const { Binds: binds, Mounts: mounts, Tmpfs: tmpfs } = body.HostConfig;
      const attached = [
        ...(binds ?? []).filter((bind) => !bind.startsWith('/')).map((bind) => bind.split(':').slice(0, 2).join(' ')),
        ...(mounts ?? []).filter(({ Type }) => Type === 'volume').map(({ Source, Target }) => `${Source} ${Target}`),
      ];
      const volumes = container.Mounts.filter(({ Type }) => Type === 'volume');
      expect(attached.sort()).toEqual(volumes.map(({ Name, Destination }) => `${Name} ${Destination}`).sort());
      expect(tmpfs).toEqual(container.HostConfig.Tmpfs);
    });
  });

  it('every other bind and mount stays as it is written, with its options', () => {
    check(({ container }, { body }) => {
      const { Binds: binds, Mounts: mounts } = container.HostConfig;
      for (const [index, bind] of (binds ?? []).entries())
        expect(body.HostConfig.Binds?.[index]).toEqual(bind.includes(':') ? bind : expect.stringContaining(`:${bind}`));
      for (const [index, mount] of (mounts ?? []).entries())
        expect(body.HostConfig.Mounts?.[index]).toMatchObject(mount);
      expect(body.HostConfig.Binds ?? []).toHaveLength((binds ?? []).length);
    });
  });

  it('every network is kept with what was configured in it, and nothing of what the engine found', () => {
    check(({ container, apiVersion }, options) => {
      const joined = Object.entries(container.NetworkSettings.Networks);
      const sent = endpointsOf(options);
      // The default bridge needs no entry: the mode says it.
      const isSaidByMode = (network: string) =>
        network === 'bridge' && ['default', 'bridge'].includes(modeOf(container)) && !sent.has(network);
      const wanted = joined.map(([network]) => network).filter((network) => !isSaidByMode(network));
      expect([...sent.keys()].sort()).toEqual(isAlone(container) ? [] : wanted.sort());
      if (Number(apiVersion.split('.')[1]) < 44)
        expect(Object.keys(options.body.NetworkingConfig.EndpointsConfig).length).toBeLessThanOrEqual(1);
      else expect(options.connectAfterCreate).toEqual([]);
      for (const [network, before] of joined) {
        const after = sent.get(network) ?? {};
        expect(after.Aliases ?? []).toEqual((before.Aliases ?? []).filter((alias) => alias !== SHORT_ID));
        expect(after.Links ?? []).toEqual(before.Links ?? []);
        expect(after.IPAMConfig ?? {}).toEqual(before.IPAMConfig ?? {});
        expect(after.DriverOpts ?? {}).toEqual(before.DriverOpts ?? {});
        for (const found of ['IPAddress', 'EndpointID', 'NetworkID', 'Gateway', 'IPPrefixLen'])
          expect(after).not.toHaveProperty(found);
      }
    });
  });

  it('a MAC address is sent exactly when it was configured, in the one place where the engine takes it', () => {
    check(({ container, apiVersion, configuredMacs }, options) => {
      const sent = new Map(
        [...endpointsOf(options)].flatMap(([network, { MacAddress }]) =>
          MacAddress === undefined ? [] : [[network, MacAddress] as const],
        ),
      );
      if (Number(apiVersion.split('.')[1]) >= 44) {
        expect(sent).toEqual(configuredMacs);
        expect(options.body).not.toHaveProperty('MacAddress');
      } else {
        expect(sent.size).toBe(0);
        expect(options.body.MacAddress).toEqual(isAlone(container) ? undefined : container.Config.MacAddress);
      }
    });
  });

  it('a host name is sent exactly when it was chosen and the engine takes one', () => {
    check(({ container }, { body }) => {
      const refused = joinsAnother(container) || container.HostConfig.UTSMode === 'host';
      const { Hostname: hostname } = container.Config;
      expect(body.Hostname).toEqual(hostname === 'chosen' && !refused ? 'chosen' : undefined);
    });
  });

  it('a container that it refers to by id is referred to by its present id, or it is said that it is gone', () => {
    check(({ container, presentContainers }, { body, warnings }) => {
      for (const field of ['NetworkMode', 'IpcMode', 'PidMode'] as const) {
        const mode = container.HostConfig[field] ?? '';
        const reference = mode.startsWith('container:') ? mode.slice('container:'.length) : null;
        const present = reference === null ? undefined : presentContainers.get(reference);
        const isName = reference === 'provider';
        if (reference === null || present === undefined || isName) expect(body.HostConfig[field] ?? '').toBe(mode);
        else expect(body.HostConfig[field]).toBe(`container:${present}`);
        if (reference !== null && present === undefined) expect(warnings.join('\n')).toContain(`HostConfig.${field}`);
      }
    });
  });

  it('every difference that it makes is explained', () => {
    check(({ container, oldImage, newImage }, options) => {
      const differences = describeDifferences({ predecessor: container, options, oldImage, newImage });
      expect(differences.filter(({ cause }) => cause.startsWith('not explained'))).toEqual([]);
    });
  });

  it('with the same image again, the call is the same: nothing wears off', () => {
    check((given, options) => {
      const { HostConfig, NetworkingConfig: _networking, ...config } = options.body;
      const { container, newImage } = given;
      const endpoints = Object.entries(container.NetworkSettings.Networks).map(([network, before]) => {
        return [network, { ...before, ...endpointsOf(options).get(network) }] as const;
      });
      const successor: ContainerInspect = {
        ...container,
        Image: newImage.Id,
        Config: { ...inheritFromImage(config, newImage.Config ?? {}), Hostname: config.Hostname ?? SHORT_ID },
        HostConfig,
        NetworkSettings: { Networks: Object.fromEntries(endpoints) },
      };
      const again = build({ ...given, container: successor, oldImage: newImage });
      expect(again.body.HostConfig).toEqual(options.body.HostConfig);
      expect(again.connectAfterCreate).toEqual(options.connectAfterCreate);
      // Variables that the image came to share with the user are the image's now, and move behind the others.
      const inherited = (of: CreateOptions) => {
        const config = inheritFromImage(of.body, newImage.Config ?? {});
        return { ...config, Env: [...(config.Env ?? [])].sort() };
      };
      expect(inherited(again)).toEqual(inherited(options));
    });
  });
});
