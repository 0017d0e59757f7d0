import type { CheckedContainerAnswer } from '../../contracts/api/images.ts';
import { withApi } from '../api-client/with-api.ts';
import { EXIT_FAILED, EXIT_OK } from '../output/exit-codes.ts';
import { renderTable } from '../output/table.ts';
import { printResult, type Shell, terminalWidth } from '../shell.ts';
import { findByName } from './select-containers.ts';

/** `docker-auto check`: asks the registries; ends with 1 when one could not be asked, since that is no "up to date". */
export function check(shell: Shell, names: string[]): Promise<number> {
  return withApi(shell, async ({ api }) => {
    const wanted = names.length === 0 ? 'all' : (await findByName(api, names)).map(({ id }) => id);
    const checked = await api.check(wanted);
    printResult(shell, checkTable(checked, terminalWidth(shell)), checked);
    return checked.some(({ verdict }) => verdict === 'error') ? EXIT_FAILED : EXIT_OK;
  });
}

function checkTable(checked: readonly CheckedContainerAnswer[], width: number | undefined): string {
  if (checked.length === 0) return 'There are no containers.';
  const rows = checked.map(({ container_name, image, verdict, reason }) => [container_name, image, verdict, reason]);
  const outdated = checked.filter((each) => each.outdated).length;
  return `${renderTable(['CONTAINER', 'IMAGE', 'VERDICT', 'WHY'], rows, width)}\n\n${outdated} of ${checked.length} outdated.`;
}
