import Table from 'cli-table3';
import pc from 'picocolors';

const NO_BORDERS = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((corner) => [side + corner, '']),
  ),
);
const GAP = 2;
/** Columns below which wrapped sentences are hard to read. */
const LEAST_ROOM = 36;

/**
 * Rows as aligned columns without borders. When `width` (columns of the terminal) is given and the table is wider, the
 * last column is wrapped, or stands below its row where too little room is left; without it (a pipe, a file) every row
 * stays on one line.
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
  const room = width === undefined ? last : Math.min(last, width - beforeLast - 1);
  if (room < Math.min(last, LEAST_ROOM)) return withLastBelow(headings, rows);
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

function withLastBelow(headings: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const [head = '', ...lines] = renderTable(
    headings.slice(0, -1),
    rows.map((row) => row.slice(0, -1)),
  ).split('\n');
  const below = rows.map((row) => row[headings.length - 1] ?? '');
  return [head, ...lines.flatMap((line, index) => [line, ...(below[index] ? [`  ${below[index]}`] : [])])].join('\n');
}

function visibleLength(text: string): number {
  const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
  return text.replace(colours, '').length;
}
