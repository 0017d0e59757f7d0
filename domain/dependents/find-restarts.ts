export interface LabelledContainer {
  id: string;
  name: string;
  running: boolean;
  labels: Readonly<Record<string, string>>;
}

/** A container that asked to be restarted when the one it depends on was replaced. */
export interface WantedRestart {
  id: string;
  name: string;
  cause: string;
}

const PROJECT = 'com.docker.compose.project';
const SERVICE = 'com.docker.compose.service';
/** `db:service_healthy:true,cache:service_started:false`: service, condition, and whether to restart with it. */
const COMPOSE_DEPENDS_ON = 'com.docker.compose.depends_on';
/** `db,cache:restart`: names of containers, each with what to do. */
const DEPENDS_ON = 'docker-auto.depends-on';

function composeWants(labels: Readonly<Record<string, string>>, provider: LabelledContainer): boolean {
  const service = provider.labels[SERVICE];
  if (service === undefined || labels[PROJECT] !== provider.labels[PROJECT]) return false;
  return (labels[COMPOSE_DEPENDS_ON] ?? '').split(',').some((entry) => {
    const [dependency, , restart] = entry.trim().split(':');
    return dependency === service && restart === 'true';
  });
}

function labelWants(labels: Readonly<Record<string, string>>, provider: LabelledContainer): boolean {
  return (labels[DEPENDS_ON] ?? '').split(',').some((entry) => {
    const [dependency, wish] = entry.trim().split(':');
    return dependency === provider.name && wish === 'restart';
  });
}

/**
 * Finds the running containers that are to be restarted after `provider` was replaced: those of its Compose project that
 * say `restart: true` for it in `depends_on`, and those whose label asks for it (`docker-auto.depends-on=db:restart`).
 */
export function findRestarts(provider: LabelledContainer, containers: readonly LabelledContainer[]): WantedRestart[] {
  return containers.flatMap(({ id, name, running, labels }) => {
    if (!running || id === provider.id) return [];
    if (composeWants(labels, provider))
      return [{ id, name, cause: `its Compose file says restart: true for ${provider.name}` }];
    if (labelWants(labels, provider))
      return [{ id, name, cause: `its label ${DEPENDS_ON} asks for it after ${provider.name}` }];
    return [];
  });
}
