import { CALL_KILLS, STEP_KILLS } from './kill-points.ts';
import { drill } from './run-drill.ts';

/** Updates that stand still at the same time, and so die together. */
const TOGETHER = 12;

const KILL_POINTS = [...STEP_KILLS, ...CALL_KILLS];

/** Every kill point, in groups; the servers of every other group die with the program. Exits 1 on any fault. */
let faults = 0;
for (let start = 0; start < KILL_POINTS.length; start += TOGETHER) {
  const serversDieToo = (start / TOGETHER) % 2 === 1;
  console.log(`kill -9 of the program${serversDieToo ? ', PostgreSQL and Temporal' : ''}:`);
  const verdicts = await drill(KILL_POINTS.slice(start, start + TOGETHER), {
    serversDieToo,
    tell: (line) => console.log(`  ${line}`),
  });
  faults += verdicts.filter((verdict) => verdict.faults.length > 0).length;
}
console.log(`${KILL_POINTS.length - faults} of ${KILL_POINTS.length} kill points settled as they must`);
process.exitCode = faults === 0 ? 0 : 1;
