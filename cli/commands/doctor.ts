import pc from 'picocolors';
import { examine } from '../doctor/examine.ts';
import { EXIT_FAILED, EXIT_OK } from '../output/exit-codes.ts';
import { renderTable } from '../output/table.ts';
import { printResult, type Shell, terminalWidth } from '../shell.ts';

const MARKS = { ok: pc.green('ok'), note: pc.yellow('note'), missing: pc.red('missing') };

/** `docker-auto doctor`: what is there, what is missing and how to mend it; ends with 1 when something needed is missing. */
export async function doctor(shell: Shell): Promise<number> {
  const findings = await examine(shell.loaded.configuration);
  const rows = findings.map(({ part, state, found, mend }) => [
    part,
    MARKS[state],
    mend === '' ? found : `${found}. To mend: ${mend}.`,
  ]);
  printResult(shell, renderTable(['PART', 'STATE', 'FOUND'], rows, terminalWidth(shell)), findings);
  return findings.some(({ state }) => state === 'missing') ? EXIT_FAILED : EXIT_OK;
}
