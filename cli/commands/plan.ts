import type { Plan } from '../../contracts/api/containers.ts';
import { withApi } from '../api-client/with-api.ts';
import type { PlanOptions } from '../arguments.ts';
import { CommandError } from '../command-error.ts';
import { formatVersion } from '../output/amounts.ts';
import { renderTable } from '../output/table.ts';
import { printResult, type Shell, terminalWidth } from '../shell.ts';
import { findByName } from './select-containers.ts';

/** `docker-auto plan`: what an update would do, why, and what would be different afterwards. */
export function plan(shell: Shell, name: string, how: PlanOptions): Promise<number> {
  return withApi(shell, async ({ api }) => {
    const [container] = await findByName(api, [name]);
    if (container === undefined) throw new CommandError(`There is no container "${name}".`);
    const planned = await api.plan(container.id, how);
    printResult(shell, planText(planned, terminalWidth(shell)), planned);
    return 0;
  });
}

/** A plan as people read it. */
export function planText(planned: Plan, width: number | undefined): string {
  const move = `${formatVersion(planned.current)} → ${formatVersion(planned.candidate)}`;
  const parts = [planned.would_update ? `${planned.container_name}: ${move}` : planned.container_name, planned.reason];
  if (planned.steps.length > 0) {
    const rows = planned.steps.map(({ step, action, cause }) => [step, action, cause]);
    parts.push('', renderTable(['STEP', 'DOES', 'BECAUSE'], rows, width));
  }
  if (planned.differences.length > 0) {
    const rows = planned.differences.map(({ path, before, after, cause }) => [
      path,
      before ?? '-',
      after ?? '-',
      cause,
    ]);
    parts.push('', renderTable(['DIFFERENCE', 'BEFORE', 'AFTER', 'BECAUSE'], rows, width));
  } else if (planned.would_update) {
    parts.push('', 'Nothing but the image would be different.');
  }
  parts.push(...(planned.warnings.length > 0 ? [''] : []), ...planned.warnings.map((warning) => `Warning: ${warning}`));
  return parts.join('\n');
}
