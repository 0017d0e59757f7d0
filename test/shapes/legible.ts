import type { ContainerInspectInfo } from 'dockerode';

const SHORT_ID_LENGTH = 12;

/** By the values' own words: the engine keeps these lists in no order, or in one that says nothing. */
function keyed<T>(list: readonly T[] | null | undefined, key: (entry: T) => string): unknown {
  if (list === null || list === undefined || list.length === 0) return list;
  return Object.fromEntries(list.map((entry) => [key(entry), entry]));
}

function sorted(list: readonly string[] | null | undefined): unknown {
  return list === null || list === undefined ? list : [...list].sort();
}

/** Variables by name; one that is there more than once keeps its place among them. */
function variables(env: readonly string[] | null | undefined): unknown {
  if (env === null || env === undefined) return env;
  const named: Record<string, string> = {};
  for (const entry of env) {
    const [name = ''] = entry.split('=', 1);
    const value = entry === name ? '(without a value)' : entry.slice(name.length + 1);
    const before = named[name];
    named[name] = before === undefined ? value : `${before} then ${value}`;
  }
  return named;
}

/**
 * An inspect in a form in which two containers can be compared: its own id reads `<own id>` wherever it stands, so that
 * what the engine makes from it (paths, host name, alias) is equal, and lists without an order are told by their keys.
 */
export function legible(inspect: ContainerInspectInfo): Record<string, unknown> {
  const { Id: id } = inspect;
  const anonymous = JSON.stringify(inspect)
    .replaceAll(id, '<own id>')
    .replaceAll(id.slice(0, SHORT_ID_LENGTH), '<own short id>');
  const container = JSON.parse(anonymous) as ContainerInspectInfo & Record<string, unknown>;
  const { Config: config, HostConfig: host, NetworkSettings: settings } = container;
  const networks = Object.entries(settings.Networks).map(([name, endpoint]) => {
    const { Aliases, Links } = endpoint as { Aliases?: string[] | null; Links?: string[] | null };
    return [name, { ...endpoint, Aliases: keyed(Aliases, String), Links: sorted(Links) }];
  });
  const mounts = host.Mounts as Array<{ Target: string }> | undefined;
  return {
    ...container,
    Config: { ...config, Env: variables(config.Env) },
    HostConfig: {
      ...host,
      Links: sorted(host.Links as string[] | null),
      ...(mounts === undefined ? {} : { Mounts: keyed(mounts, ({ Target }) => Target) }),
    },
    NetworkSettings: { ...settings, Networks: Object.fromEntries(networks) },
    Mounts: keyed(container.Mounts, ({ Destination }) => Destination),
  };
}
