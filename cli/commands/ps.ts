import type { Container } from '../../contracts/api/containers.ts';
import { withApi } from '../api-client/with-api.ts';
import { renderTable } from '../output/table.ts';
import { printResult, type Shell, terminalWidth } from '../shell.ts';

/** With the label that it comes from, where it is another tool's: nobody would look for it there. */
function policyText({
  update_policy: policy,
  policy_origin: origin,
}: Pick<Container, 'update_policy' | 'policy_origin'>): string {
  const isOurs = origin === 'default' || origin === 'api' || origin === policy || origin.startsWith('docker-auto.');
  return isOurs ? policy : `${policy} (${origin})`;
}

/** `docker-auto ps`: the containers with what is known about them. */
export function ps(shell: Shell): Promise<number> {
  return withApi(shell, async ({ api, temporary }) => {
    // A server that was just started has not looked at the engine yet.
    if (temporary) await api.check('all');
    const containers = await api.containers();
    const rows = containers.map((container) => [
      container.name,
      container.image,
      container.status,
      policyText(container),
      container.verdict ?? 'not checked',
      container.verdict_reason ?? '',
    ]);
    const headings = ['NAME', 'IMAGE', 'STATUS', 'POLICY', 'VERDICT', 'WHY'];
    const table = rows.length === 0 ? 'There are no containers.' : renderTable(headings, rows, terminalWidth(shell));
    printResult(shell, table, containers);
    return 0;
  });
}
