import type { ContainerInspect, CreateBody, EndpointSettings, HostConfig } from '../engine-types.ts';
import type { FieldDifference } from '../field-difference.ts';
import { deepCopy } from './deep-copy.ts';
import { configuredMacAddress } from './mac-address.ts';
import { SHORT_ID_LENGTH } from './modes.ts';

/** A network to connect after the creation and before the start. */
export interface NetworkConnection {
  network: string;
  endpoint: EndpointSettings;
}

export interface NetworkPlan {
  fields: Pick<HostConfig, 'NetworkMode'>;
  endpoints: CreateBody['NetworkingConfig']['EndpointsConfig'];
  connectAfterCreate: NetworkConnection[];
  explained: FieldDifference[];
  warnings: string[];
}

/** From this API version on, a create call takes several networks and a MAC address for each. */
const SEVERAL_NETWORKS = [1, 44] as const;

/** Whether an API version such as `1.41` is 1.44 or newer. */
export function takesSeveralNetworks(apiVersion: string): boolean {
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number);
  return major > SEVERAL_NETWORKS[0] || (major === SEVERAL_NETWORKS[0] && minor >= SEVERAL_NETWORKS[1]);
}

/** Modes that join a network which isn't one of the engine's own making for this container. */
function hasNoEndpoints(networkMode: string): boolean {
  return networkMode === 'host' || networkMode === 'none' || networkMode.startsWith('container:');
}

/** The default bridge's network is called `bridge`, its mode `default`, `bridge` or nothing. */
export function isDefaultBridge(networkMode: string): boolean {
  return networkMode === '' || networkMode === 'default' || networkMode === 'bridge';
}

/** What the user configured of an endpoint; everything else in it is what the engine found at run time. */
function userEndpoint(container: ContainerInspect, network: string, endpoint: EndpointSettings): EndpointSettings {
  const kept: EndpointSettings = {};
  if (Object.keys(endpoint.DriverOpts ?? {}).length > 0) kept.DriverOpts = deepCopy(endpoint.DriverOpts ?? {});
  const { GwPriority: priority } = endpoint;
  if (typeof priority === 'number' && priority !== 0) kept.GwPriority = priority;
  // The default bridge knows no names, links or static addresses; the engine refuses them there.
  if (network === 'bridge') return kept;

  const aliases = (endpoint.Aliases ?? []).filter((alias) => alias !== container.Id.slice(0, SHORT_ID_LENGTH));
  if (aliases.length > 0) kept.Aliases = aliases;
  if ((endpoint.Links ?? []).length > 0) kept.Links = [...(endpoint.Links ?? [])];
  const configured = Object.entries(endpoint.IPAMConfig ?? {}).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== '' && value !== null,
  );
  if (configured.length > 0) kept.IPAMConfig = deepCopy(Object.fromEntries(configured));
  return kept;
}

/** The key in `Networks` that the network mode means, which may be written as a name or an id. */
function mainNetwork(networkMode: string, networks: Readonly<Record<string, EndpointSettings>>): string | undefined {
  if (isDefaultBridge(networkMode)) return 'bridge' in networks ? 'bridge' : undefined;
  if (networkMode in networks) return networkMode;
  return Object.keys(networks).find((name) => {
    const id = networks[name]?.NetworkID ?? '';
    return /^[a-f0-9]{12,64}$/.test(networkMode) && id.startsWith(networkMode);
  });
}

function movedMode(before: string, after: string, cause: string): Pick<NetworkPlan, 'fields' | 'explained'> {
  return { fields: { NetworkMode: after }, explained: [{ path: 'HostConfig.NetworkMode', before, after, cause }] };
}

/**
 * Every network that the container is in now, with what was configured there. Below API 1.44 the create call takes one
 * network, the one of the network mode; the others are connected after it, before the start.
 */
export function keepNetworks(container: ContainerInspect, apiVersion: string): NetworkPlan {
  const { NetworkMode: networkMode = '' } = container.HostConfig;
  const plan: NetworkPlan = { fields: {}, endpoints: {}, connectAfterCreate: [], explained: [], warnings: [] };
  if (hasNoEndpoints(networkMode)) return plan;

  const { Networks: networks } = container.NetworkSettings;
  const names = Object.keys(networks);
  let main = mainNetwork(networkMode, networks);
  if (main === undefined && names.length === 0) {
    // Somebody took it off its network; joining that again would expose it.
    const cause = 'the container is disconnected from every network';
    const moved = movedMode(networkMode, 'none', cause);
    const joined = { path: 'NetworkSettings.Networks.none', before: null, after: 'set', cause };
    return { ...plan, ...moved, explained: [...moved.explained, joined] };
  }
  if (main === undefined) {
    main = names[0] ?? 'bridge';
    Object.assign(
      plan,
      movedMode(
        networkMode,
        main,
        `the container was disconnected from ${isDefaultBridge(networkMode) ? 'bridge' : networkMode} and is in ${main}`,
      ),
    );
  }

  const several = takesSeveralNetworks(apiVersion);
  for (const [name, endpoint] of Object.entries(networks)) {
    const kept = userEndpoint(container, name, endpoint);
    if (several) {
      const { mac, warning } = configuredMacAddress(container, name === main, name, endpoint);
      if (mac !== null) kept.MacAddress = mac;
      if (warning !== null) plan.warnings.push(warning);
    }
    if (name === main || several) plan.endpoints[name] = kept;
    else plan.connectAfterCreate.push({ network: name, endpoint: kept });
  }
  // The mode alone says it; an empty entry would add nothing.
  if (
    Object.keys(plan.endpoints).length === 1 &&
    main === 'bridge' &&
    Object.keys(plan.endpoints.bridge ?? {}).length === 0
  )
    plan.endpoints = {};
  return plan;
}
