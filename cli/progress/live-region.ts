const ESC = String.fromCharCode(27);
const HIDE_CURSOR = `${ESC}[?25l`;
const SHOW_CURSOR = `${ESC}[?25h`;

/** Where the size isn't known: a terminal that nobody gave one (from a timer, by `expect`) says 0. */
const USUAL_ROWS = 24;
const USUAL_COLUMNS = 80;

/** Lines at the bottom of a terminal that are drawn over each time. Writes nothing but to the given stream. */
export class LiveRegion {
  readonly #stream: NodeJS.WriteStream;
  #drawn = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Rows that can be drawn over: what has scrolled off the screen can't. */
  get rows(): number {
    return this.#stream.rows || USUAL_ROWS;
  }

  draw(lines: readonly string[]): void {
    const columns = this.#stream.columns || USUAL_COLUMNS;
    const cut = lines.map((line) => cutToWidth(line, columns - 1));
    this.#stream.write(`${HIDE_CURSOR}${this.#back()}${cut.map((line) => `${line}${ESC}[K\n`).join('')}${ESC}[J`);
    this.#drawn = lines.length;
  }

  /** Leaves what was drawn last on the screen and gives the cursor back. */
  end(): void {
    this.#stream.write(SHOW_CURSOR);
    this.#drawn = 0;
  }

  #back(): string {
    return this.#drawn === 0 ? '' : `${ESC}[${this.#drawn}A\r`;
  }
}

/** Cuts to `width` visible characters; colour codes count nothing and stay whole. */
function cutToWidth(line: string, width: number): string {
  const parts = line.match(new RegExp(`${ESC}\\[[0-9;]*m|.`, 'gu')) ?? [];
  const isColour = (part: string) => part.length > 1 && part.startsWith(ESC);
  if (parts.filter((part) => !isColour(part)).length <= width) return line;
  let room = width - 1;
  const kept = parts.filter((part) => isColour(part) || room-- > 0);
  return `${kept.join('')}${ESC}[0m…`;
}
