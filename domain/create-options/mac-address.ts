import type { ContainerInspect, EndpointSettings } from '../engine-types.ts';

/** Whether the engine made the address itself: `02:42:` and the four bytes of the IPv4 address. */
function isGenerated(mac: string, ipAddress: unknown): boolean {
  if (typeof ipAddress !== 'string' || ipAddress === '') return mac.toLowerCase().startsWith('02:42:');
  const bytes = ipAddress.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
  return mac.toLowerCase() === `02:42:${bytes.join(':')}`;
}

/**
 * The MAC address that the user configured on an endpoint, for API 1.44 and newer, where the inspect answer no longer
 * tells a configured from a generated one. `Config.MacAddress` is configured for sure; one that isn't of the generated
 * pattern probably is, so it is kept with a warning. A generated one must not be pinned: the engine gives it to another
 * container later.
 */
export function configuredMacAddress(
  container: ContainerInspect,
  isMain: boolean,
  network: string,
  endpoint: EndpointSettings,
): { mac: string | null; warning: string | null } {
  const configured = container.Config.MacAddress;
  if (isMain && configured !== undefined && configured !== '') return { mac: configured, warning: null };
  const mac = endpoint.MacAddress;
  if (mac === undefined || mac === '' || isGenerated(mac, endpoint.IPAddress)) return { mac: null, warning: null };
  return {
    mac,
    warning: `The MAC address ${mac} in network ${network} is kept, because it does not look like one that the engine made; the engine does not say whether it was configured.`,
  };
}
