import type { OwnEndpoint } from '../../activities/docker/surroundings/own-surroundings.ts';
import type { Configuration } from '../configuration.ts';

const DATABASE_PORT = 5432;
const WORKFLOW_SERVER_PORT = 7233;
const ENGINE_PORT = 2375;

function endpoint(what: string, address: string, usualPort: number): OwnEndpoint[] {
  const { hostname, port } = new URL(address);
  // Without a host it is a socket in the file system.
  return hostname === '' ? [] : [{ what, host: hostname, port: Number(port || usualPort) }];
}

/**
 * Where this program is connected to by its configuration; containers that are found there are protected. What is embedded
 * runs in this program's own process tree and needs none of that.
 */
export function ownEndpoints(
  { databaseUrl, temporalAddress }: Pick<Configuration, 'databaseUrl' | 'temporalAddress'>,
  dockerHost: string,
): OwnEndpoint[] {
  return [
    ...(databaseUrl === null ? [] : endpoint('its database', databaseUrl, DATABASE_PORT)),
    ...(temporalAddress === null
      ? []
      : endpoint('its workflow server', `tcp://${temporalAddress}`, WORKFLOW_SERVER_PORT)),
    ...(dockerHost.startsWith('unix:') ? [] : endpoint('the Docker engine', dockerHost, ENGINE_PORT)),
  ];
}
