import { renderTable } from '../output/table.ts';
import { printResult, type Shell, terminalWidth } from '../shell.ts';

/** `docker-auto config`: every setting with its value and where that came from; secrets are masked. */
export async function config(shell: Shell): Promise<number> {
  const { settings } = shell.loaded;
  const rows = settings.map(({ key, value, origin }) => [key, value ?? '-', origin]);
  printResult(shell, renderTable(['SETTING', 'VALUE', 'FROM'], rows, terminalWidth(shell)), settings);
  return 0;
}
