import type { Container } from '../../contracts/api/containers.ts';
import type { UpdateBody } from '../../contracts/api/updates.ts';
import { PROTECTED_POLICY } from '../../domain/policy/policy-settings.ts';

export interface OnceRequest {
  /** Empty means: what policy (or `all`) asks for. */
  names: readonly string[];
  all: boolean;
}

export type Choice =
  | { container: Container; action: 'update'; body: UpdateBody }
  /** `failed`: whether it is outdated could not be found out. */
  | { container: Container; action: 'leave'; outcome: string; why: string; failed: boolean };

/** What `once` does with each container, after a check. Pure; `containers` are those asked for. */
export function chooseUpdates(containers: readonly Container[], { names, all }: OnceRequest): Choice[] {
  return containers.map((container) => choose(container, { named: names.length > 0, all }));
}

function choose(container: Container, { named, all }: { named: boolean; all: boolean }): Choice {
  const { verdict, update_policy: policy, name } = container;
  const leave = (outcome: string, why: string, failed = false): Choice => ({
    container,
    action: 'leave',
    outcome,
    why,
    failed,
  });
  const because = container.verdict_reason ?? '';
  const asked = named || (all ? policy !== 'ignore' : policy === 'auto');
  if (verdict === null) return leave('skipped', 'It was not checked.', asked);
  if (verdict === 'error' || verdict === 'unresolvable') return leave('check failed', because, asked);
  if (verdict === 'quarantined')
    return leave('quarantined', `${because} The command for that: docker-auto update ${name} --force`);
  if (verdict !== 'outdated') return leave(verdict, because);
  if (policy === PROTECTED_POLICY)
    return leave('protected', `It is a part of this program; docker-auto plan ${name} says which.`, named);
  if (!asked) return leave('left alone', `Outdated, and its policy is ${policy}.`);
  if (container.status !== 'stopped') return { container, action: 'update', body: {} };
  // A stopped container is updated only when asked for by name; the gate wants that said.
  if (named) return { container, action: 'update', body: { force: true } };
  return leave('left alone', `Outdated, but stopped; docker-auto once ${name} updates it nevertheless.`);
}
