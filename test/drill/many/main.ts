import { runMany } from './run-many.ts';

const UPDATES = 30;
const BAD = 4;
const MAX_PARALLEL = 4;
const KILLS = 20;

/**
 * `npm run drill -- --many [SEED]`: 30 updates in one batch on one engine, four at a time, while the whole program is
 * killed 20 times at random. The same seed gives the same waits between the kills. Exits 1 on any fault.
 */
const given = process.argv.slice(2).find((argument) => /^\d+$/.test(argument));
const seed = given === undefined ? Math.floor(Math.random() * 1_000_000) : Number(given);
console.log(`${UPDATES} updates, ${MAX_PARALLEL} at a time, ${KILLS} kills -9 of the program; seed ${seed}`);
const { faults, mostSwapped, kills, tookMs } = await runMany({
  updates: UPDATES,
  bad: BAD,
  maxParallel: MAX_PARALLEL,
  kills: KILLS,
  seed,
  tell: (line) => console.log(`  ${line}`),
});
for (const fault of faults) console.log(`  FAULT ${fault}`);
console.log(
  `${faults.length === 0 ? 'nothing was lost' : `${faults.length} faults`}: ${kills} kills, settled in ${(tookMs / 1000).toFixed(0)} s, at most ${mostSwapped} swapped at the same time`,
);
process.exitCode = faults.length === 0 && kills === KILLS ? 0 : 1;
