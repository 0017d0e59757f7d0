import { ACTS, type Act } from './acts.ts';

const AN_HOUR_MS = 3_600_000;

/** One round of the whole drill, short enough for every run of the tests. */
export interface Part {
  name: string;
  act: Act;
}

/**
 * The acts that are short and were seen to settle in every case. The program's own death is in every run of the tests
 * already; the others are for `npm run drill`, which plays them all.
 */
const IN_TURN = new Set(['kinds-program', 'mid-pull', 'people', 'foreigners']);
const PARTS: readonly Part[] = ACTS.filter(({ name }) => IN_TURN.has(name)).flatMap((act) =>
  act.rounds.map((round, index) => ({
    name: `${act.name}, round ${index + 1} of ${act.rounds.length}`,
    act: { ...act, rounds: [round] },
  })),
);

/**
 * The part whose turn it is: another one each hour, so that runs one after the other play the whole drill bit by bit.
 * @param seed repeats the part of an earlier run
 */
export function partInTurn(seed: string | undefined): Part & { seed: number } {
  const chosen = seed === undefined ? Math.floor(Date.now() / AN_HOUR_MS) : Number(seed);
  const part = PARTS[chosen % PARTS.length];
  if (part === undefined) throw new Error(`DRILL_SEED=${seed}: expected a whole number`);
  return { ...part, seed: chosen };
}
