import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { ContainerInspectInfo } from 'dockerode';

/** What is in a file or link, as far as two of them can be told apart by it. */
async function contentOf(file: string): Promise<string> {
  const found = await lstat(file);
  const owner = `${found.mode.toString(8)} ${found.uid}:${found.gid}`;
  if (found.isSymbolicLink()) return `${owner} -> ${await readlink(file)}`;
  if (!found.isFile()) return owner;
  return `${owner} ${createHash('sha256')
    .update(await readFile(file))
    .digest('hex')}`;
}

/**
 * Everything in a container's volumes and in the binds from below `within`, as the host sees it: path in the container →
 * mode, owner and content. Works for containers that don't run as well.
 */
export async function mountContents(container: ContainerInspectInfo, within: string): Promise<Map<string, string>> {
  const contents = new Map<string, string>();
  for (const { Type, Source, Destination } of container.Mounts) {
    if (Type !== 'volume' && !Source.startsWith(within)) continue;
    contents.set(Destination, await contentOf(Source));
    if (!(await lstat(Source)).isDirectory()) continue;
    for (const entry of await readdir(Source, { recursive: true }))
      contents.set(path.join(Destination, entry), await contentOf(path.join(Source, entry)));
  }
  return contents;
}
