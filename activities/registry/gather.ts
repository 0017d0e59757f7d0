/** Asks for one; those who ask in the same moment share one question. */
export type Gathering<Key, Answer> = (key: Key) => Promise<Answer>;

/**
 * Puts the questions of one moment together, so many at most in one.
 * @param askMany answers all of them alike
 */
export function gather<Key, Answer>(most: number, askMany: (keys: Key[]) => Promise<Answer>): Gathering<Key, Answer> {
  let open: { keys: Key[]; answer: Promise<Answer> } | null = null;

  return (key) => {
    if (open !== null && open.keys.length < most) {
      open.keys.push(key);
      return open.answer;
    }
    const keys = [key];
    const answer = new Promise<Answer>((resolve, reject) => {
      setImmediate(() => {
        if (open?.keys === keys) open = null;
        askMany(keys).then(resolve, reject);
      });
    });
    open = { keys, answer };
    return answer;
  };
}
