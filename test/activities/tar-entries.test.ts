import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { extract, pack } from 'tar-stream';
import { END_OF_ARCHIVE, relocateEntries, type Take } from '../../activities/docker/writable-layer/tar-entries.ts';

interface Entry {
  name: string;
  type?: 'file' | 'directory' | 'symlink' | 'link';
  content?: string;
  linkname?: string;
  pax?: Record<string, string>;
}

async function archive(...entries: Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { content = '', ...header } of entries)
    tar.entry({ uid: 123, gid: 456, mode: 0o640, mtime: new Date(1_577_934_245_000), ...header }, content);
  tar.finalize();
  return buffer(tar);
}

/** In pieces of that many bytes, as a network may give them. */
async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function relocated(bytes: Buffer, folder: string, take: Take = 'tree', size = 4096): Promise<Buffer> {
  return buffer(relocateEntries(pieces(bytes, size), folder, take));
}

async function read(bytes: Buffer) {
  const found: Array<{ header: Record<string, unknown>; content: string }> = [];
  const reading = Readable.from([Buffer.concat([bytes, END_OF_ARCHIVE])]).pipe(extract());
  for await (const entry of reading) found.push({ header: { ...entry.header }, content: await text(entry) });
  return found;
}

describe('entries of an archive, put under their full paths', () => {
  it('keep everything else, however the bytes arrive', async () => {
    const bytes = await archive(
      { name: 'app/', type: 'directory' },
      { name: 'app/conf', content: 'x'.repeat(1_300) },
      { name: 'app/link', type: 'symlink', linkname: '../elsewhere' },
      { name: 'app/hard', type: 'link', linkname: 'app/conf' },
    );
    for (const size of [1, 511, 512, 10_000]) {
      const entries = await read(await relocated(bytes, '/etc', 'tree', size));
      expect(entries.map(({ header }) => [header.name, header.type, header.linkname])).toEqual([
        ['etc/app/', 'directory', null],
        ['etc/app/conf', 'file', null],
        ['etc/app/link', 'symlink', '../elsewhere'],
        ['etc/app/hard', 'link', 'etc/app/conf'],
      ]);
      expect(entries[1]?.content).toBe('x'.repeat(1_300));
      expect(entries[1]?.header).toMatchObject({ uid: 123, gid: 456, mode: 0o640, mtime: new Date(1_577_934_245_000) });
    }
  });

  it('keep long and foreign names, and what an extended header says besides', async () => {
    const long = `${'directory/'.repeat(30)}grün`;
    const bytes = await archive({ name: long, content: 'a', pax: { 'SCHILY.xattr.user.note': 'kept' } }, { name: 'b' });
    const entries = await read(await relocated(bytes, ''));
    expect(entries.map(({ header }) => header.name)).toEqual([long, 'b']);
    expect(entries[0]?.header.pax).toMatchObject({ 'SCHILY.xattr.user.note': 'kept' });
  });

  it('keep file capabilities byte for byte, which are no text', async () => {
    const capability = Buffer.from([1, 0, 0, 2, 0xff, 0x80, 0xc3, 0x28, 0, 0]);
    const marked = await archive({ name: 'ping', pax: { 'SCHILY.xattr.security.capability': 'MARK567890' } });
    const at = marked.indexOf('MARK567890');
    capability.copy(marked, at);
    expect((await relocated(marked, '/bin')).includes(capability)).toBe(true);
  });

  it('are only the folder itself, or nothing, when that is what is wanted', async () => {
    const folder = await archive({ name: 'app/', type: 'directory' }, { name: 'app/conf', content: 'a' });
    const file = await archive({ name: 'conf', content: 'a' });
    const names = async (bytes: Buffer, take: Take) =>
      (await read(await relocated(bytes, '/etc', take))).map(({ header }) => header.name);
    expect(await names(folder, 'folder')).toEqual(['etc/app/']);
    expect(await names(folder, 'file')).toEqual([]);
    expect(await names(file, 'file')).toEqual(['etc/conf']);
    expect(await names(file, 'folder')).toEqual([]);
  });

  it('that end in the middle are the engine’s failure, which is tried again', async () => {
    const bytes = await archive({ name: 'conf', content: 'x'.repeat(2_000) });
    for (const end of [100, 512, 1_000])
      await expect(relocated(bytes.subarray(0, end), '/etc')).rejects.toMatchObject({ type: 'EngineUnavailable' });
  });
});
