import { isLeftAloneByWatchtower } from '../policy/watchtower-labels.ts';
import { namedDependencies, WATCHTOWER_DEPENDS_ON } from './named-dependencies.ts';

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

function composeWants(labels: Readonly<Record<string, string>>, provider: LabelledContainer): boolean {
  const service = provider.labels[SERVICE];
  if (service === undefined || labels[PROJECT] !== provider.labels[PROJECT]) return false;
  return (labels[COMPOSE_DEPENDS_ON] ?? '').split(',').some((entry) => {
    const [dependency, , restart] = entry.trim().split(':');
    return dependency === service && restart === 'true';
  });
}

/** The label that asks for it, or null. Watchtower does not restart what it was told to leave alone. */
function wantingLabel(labels: Readonly<Record<string, string>>, provider: LabelledContainer): string | null {
  const { dependencies, origin } = namedDependencies(labels);
  if (origin === WATCHTOWER_DEPENDS_ON && isLeftAloneByWatchtower(labels)) return null;
  return dependencies.some(({ name, restart }) => restart && name === provider.name) ? origin : null;
}

/**
 * Finds the running containers that are to be restarted after `provider` was replaced: those of its Compose project that
 * say `restart: true` for it in `depends_on`, and those whose label asks for it (`docker-auto.depends-on=db:restart`, or
 * Watchtower's, which always does).
 */
export function findRestarts(provider: LabelledContainer, containers: readonly LabelledContainer[]): WantedRestart[] {
  return containers.flatMap(({ id, name, running, labels }) => {
    if (!running || id === provider.id) return [];
    if (composeWants(labels, provider))
      return [{ id, name, cause: `its Compose file says restart: true for ${provider.name}` }];
    const label = wantingLabel(labels, provider);
    return label === null ? [] : [{ id, name, cause: `its label ${label} asks for it after ${provider.name}` }];
  });
}
