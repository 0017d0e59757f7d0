import { describe, expect, it } from '@jest/globals';
import { VICTIMS } from '../drill/blows/victims.ts';
import { STEP_KILLS } from '../drill/kill-points.ts';
import { partInTurn } from '../drill/part-in-turn.ts';
import { playAct } from '../drill/play-act.ts';
import { describeVerdict } from '../drill/table.ts';

const HALF = Math.ceil(STEP_KILLS.length / 2);
const quiet = (): void => undefined;

const halves = [STEP_KILLS.slice(0, HALF), STEP_KILLS.slice(HALF)].map((points, index) => ({
  range: index === 0 ? `1 to ${HALF}` : `${HALF + 1} to ${STEP_KILLS.length}`,
  act: {
    name: `program${index}`,
    stage: {},
    rounds: [{ cases: points.map((at) => ({ at, blow: VICTIMS.program })) }],
  },
}));

/** `DRILL_SEED` repeats an earlier run's part; `npm run drill` plays all of them. */
const part = partInTurn(process.env.DRILL_SEED);

describe('kill -9 of the program', () => {
  it.each(halves)(
    'at kill points $range: every update ends by itself, with one healthy container of the name and a true history',
    async ({ act }) => {
      const verdicts = await playAct(act, quiet);
      expect(verdicts.filter(({ faults }) => faults.length > 0).map(describeVerdict)).toEqual([]);
      expect(verdicts).toHaveLength(act.rounds[0]?.cases.length ?? 0);
    },
    240_000,
  );
});

describe('the part of the drill whose turn it is', () => {
  it(`${part.name} (DRILL_SEED=${part.seed}): every update ends well, or both containers are kept and the message says where`, async () => {
    const verdicts = await playAct(part.act, quiet);
    expect(verdicts.filter(({ faults }) => faults.length > 0).map(describeVerdict)).toEqual([]);
    expect(verdicts).toHaveLength(part.act.rounds[0]?.cases.length ?? 0);
  }, 300_000);
});
