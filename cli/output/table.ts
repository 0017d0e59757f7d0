import Table from 'cli-table3';
import pc from 'picocolors';

const NO_BORDERS = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((corner) => [side + corner, '']),
  ),
);
const GAP = 2;

/**
 * Rows as aligned columns without borders. When `width` (columns of the terminal) is given and the table is wider, the
 * last column is wrapped; without it (a pipe, a file) every row stays on one line.
 */
export function renderTable(
  headings: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
  width?: number,
): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => visibleLength(row[column] ?? ''))),
  );
  const beforeLast = widths.slice(0, -1).reduce((sum, each) => sum + each + GAP, 0);
  const last = widths.at(-1) ?? 0;
  const room = width === undefined ? last : Math.max(20, Math.min(last, width - beforeLast - 1));
  const table = new Table({
    head: headings.map((heading) => pc.bold(heading)),
    chars: { ...NO_BORDERS, middle: ' '.repeat(GAP) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths: [...widths.slice(0, -1), room],
    wordWrap: true,
    wrapOnWordBoundary: true,
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function visibleLength(text: string): number {
  const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
  return text.replace(colours, '').length;
}
