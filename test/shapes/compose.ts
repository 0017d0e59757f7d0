import type Docker from 'dockerode';
import type { Family, Shape } from './shape.ts';

const LABEL = 'com.docker.compose';

interface Service {
  service: string;
  project: string;
  image: string;
  /** As Compose writes it: service, condition, whether it is restarted along with that. */
  dependsOn?: string;
  body: Docker.ContainerCreateOptions;
}

/** Labels and networking as Compose v2 gives them to a service's container. */
function composeBody({ service, project, dependsOn = '', body }: Service): Docker.ContainerCreateOptions {
  const network = `${project}_default`;
  return {
    Image: '{image}',
    AttachStdout: true,
    AttachStderr: true,
    ...body,
    Labels: {
      [`${LABEL}.config-hash`]: '5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
      [`${LABEL}.container-number`]: '1',
      [`${LABEL}.depends_on`]: dependsOn,
      [`${LABEL}.image`]: '{v1}',
      [`${LABEL}.oneoff`]: 'False',
      [`${LABEL}.project`]: project,
      [`${LABEL}.project.config_files`]: `/srv/${project}/compose.yaml`,
      [`${LABEL}.project.working_dir`]: `/srv/${project}`,
      [`${LABEL}.service`]: service,
      [`${LABEL}.version`]: '2.29.7',
      ...body.Labels,
    },
    HostConfig: { NetworkMode: network, RestartPolicy: { Name: 'unless-stopped' }, ...body.HostConfig },
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: ['{name}', service] } } },
  };
}

export function composeShape(about: string, service: Service, more: Partial<Shape> = {}): Shape {
  return {
    name: `${service.project}-${service.service}-1`,
    about,
    image: service.image,
    before: [['network', 'create', '--label', `${LABEL}.network=default`, `${service.project}_default`]],
    made: { by: 'api', body: composeBody(service) },
    ...more,
    differences: { [`Config.Labels.${LABEL}.image`]: ['{v1}', '{v2}'], ...more.differences },
  };
}

const inProject = (service: Omit<Service, 'image' | 'project'>): Service => ({
  image: 'plain',
  project: 'shop',
  ...service,
});

/** Containers as Compose makes them. */
export const COMPOSE: Family = {
  name: 'compose',
  shapes: [
    composeShape(
      'a service with volumes, ports and variables',
      inProject({
        service: 'web',
        body: {
          Env: ['TZ=Europe/Berlin', 'EMPTY='],
          ExposedPorts: { '80/tcp': {} },
          HostConfig: {
            NetworkMode: 'shop_default',
            RestartPolicy: { Name: 'always' },
            PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '{port1}' }] },
            Binds: ['shop_data:/data:rw', '{dir}/site:/site:ro'],
            Mounts: [{ Type: 'volume', Source: 'shop_more', Target: '/more', ReadOnly: false } as Docker.MountSettings],
          },
        },
      }),
      { files: { 'site/index.html': 'site' }, writes: ['/data/written', '/more/written'] },
    ),
    composeShape(
      'a service that depends on others, by health and with restart',
      inProject({
        service: 'worker',
        dependsOn: 'db:service_healthy:true,web:service_started:false',
        body: { Cmd: ['sleep', '5000'], WorkingDir: '/work' },
      }),
      { before: [] },
    ),
    composeShape(
      'a service with a health check of its own, secrets as files and an init',
      inProject({
        service: 'keeper',
        body: {
          Healthcheck: { Test: ['CMD-SHELL', 'test -s /run/secrets/key'], Interval: 1_000_000_000, Retries: 3 },
          HostConfig: {
            NetworkMode: 'shop_default',
            Init: true,
            Binds: ['{dir}/key:/run/secrets/key:ro'],
            ExtraHosts: ['printer:192.0.2.7'],
          },
        },
      }),
      { before: [], files: { key: 'secret' }, inside: ['cat /run/secrets/key'] },
    ),
    composeShape(
      'a service that shares the network of another container',
      inProject({ service: 'sidecar', body: {} }),
      {
        before: [['run', '-d', '--name', '{name}-vpn', '{plain}']],
        made: {
          by: 'api',
          body: {
            Image: '{image}',
            Labels: { [`${LABEL}.project`]: 'shop', [`${LABEL}.service`]: 'sidecar', [`${LABEL}.image`]: '{v1}' },
            HostConfig: { NetworkMode: 'container:{name}-vpn' },
          },
        },
      },
    ),
  ],
};
