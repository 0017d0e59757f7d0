import type { UpdateTarget } from '../../../contracts/update.ts';

/** What a `target` that passed its schema means: a digest, or else a tag. */
export function updateTarget(text: string | undefined): { target?: UpdateTarget } {
  if (text === undefined) return {};
  return { target: text.startsWith('sha256:') ? { kind: 'digest', digest: text } : { kind: 'tag', tag: text } };
}
