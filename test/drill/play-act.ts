import type { Act } from './acts.ts';
import type { Verdict } from './judge-round.ts';
import { playRound } from './round.ts';
import { Stage } from './stage.ts';
import { describeVerdict } from './table.ts';

/** Plays some rounds of an act on a stage of their own, telling each verdict. */
export async function playAct({ name, stage: options, rounds }: Act, tell: (line: string) => void): Promise<Verdict[]> {
  const stage = await Stage.open(options);
  try {
    const verdicts: Verdict[] = [];
    for (const [index, { cases, headStart }] of rounds.entries()) {
      const played = await playRound(stage, cases, {
        prefix: `${name}${index}`,
        ...(headStart === undefined ? {} : { headStart }),
      });
      for (const verdict of played) tell(describeVerdict(verdict));
      verdicts.push(...played);
    }
    return verdicts;
  } catch (error) {
    throw new Error(`act ${name} broke off; the program printed:\n${stage.printed()}`, { cause: error });
  } finally {
    await stage.close();
  }
}
