import { ACTS } from './acts.ts';
import { readArguments } from './arguments.ts';
import type { Verdict } from './judge-round.ts';
import { playAct } from './play-act.ts';
import { playAtRandom } from './random.ts';
import { verdictTable } from './table.ts';

/** Plays the acts that were asked for, or at random; then the table of all. Exits 1 on any fault. */
const chosen = readArguments(
  process.argv.slice(2),
  ACTS.map(({ name }) => name),
);
const tell = (line: string): void => console.log(`  ${line}`);
const began = performance.now();
const verdicts: Verdict[] = [];
let brokenOff = 0;
if (chosen.random !== null) {
  const played = await playAtRandom(chosen.random, tell);
  verdicts.push(...played.verdicts);
  brokenOff += played.brokenOff;
} else {
  for (const act of ACTS.filter(({ name }) => chosen.acts?.includes(name) ?? true)) {
    console.log(`${act.name}:`);
    try {
      verdicts.push(...(await playAct(act, tell)));
    } catch (error) {
      // The rest of the drill is worth playing all the same.
      console.error(error);
      brokenOff += 1;
    }
  }
}
const faulty = verdicts.filter(({ faults }) => faults.length > 0).length;
console.log(verdictTable(verdicts));
console.log(
  `${verdicts.length - faulty} of ${verdicts.length} settled as they must, in ${Math.round((performance.now() - began) / 60_000)} min${brokenOff === 0 ? '' : `; ${brokenOff} acts or rounds broke off`}`,
);
process.exitCode = faulty === 0 && brokenOff === 0 ? 0 : 1;
