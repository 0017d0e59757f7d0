import { TypedFailure } from '../../../contracts/failure-types.ts';

function brokenOff(): TypedFailure {
  return new TypedFailure(
    'EngineUnavailable',
    'The Docker engine ended an archive in the middle. This is tried again by itself.',
  );
}

/** Reads a stream by amounts instead of by chunks. */
class Amounts {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Up to that many bytes, as they come; empty at the end. */
  async some(most: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return this.#rest;
      this.#rest = next.value;
    }
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }

  /** Exactly that many bytes. @throws TypedFailure `EngineUnavailable` when the stream ends before */
  async exactly(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = bytes; missing > 0; ) {
      const part = await this.some(missing);
      if (part.length === 0) throw brokenOff();
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }
}

const BLOCK = 512;
/** Two empty blocks. */
export const END_OF_ARCHIVE: Buffer = Buffer.alloc(2 * BLOCK);

type Records = Map<string, Buffer>;

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

function text(header: Buffer, from: number, length: number): string {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? length : end).toString('utf8');
}

/** Octal digits, or, for large values, binary with the first bit set. */
function sizeOf(header: Buffer): number {
  if (((header[124] ?? 0) & 0x80) !== 0) return header.readUIntBE(130, 6);
  return Number.parseInt(text(header, 124, 12).trim() || '0', 8);
}

function nameOf(header: Buffer): string {
  const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
  return prefix === '' ? text(header, 0, 100) : `${prefix}/${text(header, 0, 100)}`;
}

/** Lines of `<length> <key>=<value>\n`; values are kept as bytes, since a file capability is no text. */
function parseRecords(content: Buffer): Records {
  const records: Records = new Map();
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.subarray(at, space).toString());
    if (space === -1 || !(length > 0)) break;
    const equals = content.indexOf(0x3d, space);
    records.set(content.subarray(space + 1, equals).toString(), content.subarray(equals + 1, at + length - 1));
    at += length;
  }
  return records;
}

function recordLine(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  // The length counts its own digits.
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** An extended header for the entry that follows it; what it says rules over that entry's own header. */
function extendedHeader(records: Records): Buffer {
  const content = Buffer.concat([...records].map(([key, value]) => recordLine(key, value)));
  const block = Buffer.alloc(BLOCK + padded(content.length));
  block.write('PaxHeaders.0/entry', 0);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write('x', 156);
  block.write('ustar\u000000', 257);
  const sum = block.subarray(0, BLOCK).reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  content.copy(block, BLOCK);
  return block;
}

/** What is to be taken of an archive of one path: all, its folder without content, or nothing if it is a folder. */
export type Take = 'tree' | 'folder' | 'file';

/**
 * The entries of one archive under their full paths, as bytes of a new archive without its end. Headers and contents go
 * through as they are (so owners, modes, times, links and capabilities do): only an extended header with the path is put
 * before each.
 * @param folder absolute path of the folder that the archive's names are relative to
 * @param seen told of the first entry, which is what was asked for
 */
export async function* relocateEntries(
  archive: AsyncIterable<Buffer>,
  folder: string,
  take: Take,
  seen: (first: { folder: boolean }) => void = () => undefined,
): AsyncGenerator<Buffer> {
  const amounts = new Amounts(archive);
  const within = (name: string) => Buffer.from(`${folder}/${name}`.replace(/^\/+/, ''));
  let records: Records = new Map();
  for (let first = true; ; ) {
    const header = await amounts.exactly(BLOCK);
    if (header.every((byte) => byte === 0)) {
      // Read to its end, the connection serves for the next.
      while ((await amounts.some(BLOCK)).length > 0);
      return;
    }
    const type = String.fromCharCode(header[156] ?? 0);
    const size = Number(records.get('size')?.toString() ?? sizeOf(header));
    if (type === 'x') {
      records = parseRecords((await amounts.exactly(padded(size))).subarray(0, size));
      continue;
    }
    if (first) {
      const isFolder = type === '5';
      seen({ folder: isFolder });
      if (isFolder ? take === 'file' : take === 'folder') return;
    }
    records.set('path', within(records.get('path')?.toString() ?? nameOf(header)));
    // A hard link names another entry of the archive; a symbolic one says what it says.
    if (type === '1') records.set('linkpath', within(records.get('linkpath')?.toString() ?? text(header, 157, 100)));
    yield extendedHeader(records);
    yield header;
    for (let left = padded(size); left > 0; ) {
      const part = await amounts.some(left);
      if (part.length === 0) throw brokenOff();
      left -= part.length;
      yield part;
    }
    if (take === 'folder') return;
    records = new Map();
    first = false;
  }
}
