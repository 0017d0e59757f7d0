/** Does something for each entry, that many at a time. @returns the answers in the order of the entries */
export async function inTurns<Entry, Answer>(
  entries: readonly Entry[],
  atATime: number,
  act: (entry: Entry, index: number) => Promise<Answer>,
): Promise<Answer[]> {
  const answers = new Array<Answer>(entries.length);
  const queue = entries.entries();
  const worker = async (): Promise<void> => {
    for (const [index, entry] of queue) answers[index] = await act(entry, index);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return answers;
}
