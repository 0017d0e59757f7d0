/** One line of what a container has otherwise than its image. The engine doesn't say whether it is a file or a folder. */
export interface LayerChange {
  /** Absolute, without symbolic links on its way. */
  path: string;
  kind: 'added' | 'changed' | 'deleted';
}

/** The folders above a path, the nearest first, without the root. */
export function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) folders.push(path.slice(0, end));
  return folders;
}
