const HASH = /^g?(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/;

/**
 * Whether a part of a tag is a commit's hash, short or whole, with or without the `g` of `git describe`. One without a letter
 * or without a digit is taken for a number or a word: there it can't be told.
 */
export function isGitHash(text: string): boolean {
  return HASH.test(text) && /\d/.test(text) && /[a-f]/.test(text);
}
