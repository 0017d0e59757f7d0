import { CORPUS } from './corpus.ts';
import { runShapes } from './run-shapes.ts';

/** Runs all shapes, or the families that are named, and prints the table. Exits 1 on any fault. */
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !CORPUS.some((family) => family.name === name));
if (unknown.length > 0) {
  console.error(`no family is called ${unknown.join(', ')}; there are ${CORPUS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const families = CORPUS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const shapes = families.flatMap((family) => family.shapes);
const { verdicts, faults } = await runShapes('shapes', families, (line) => console.error(line));

const width = Math.max(...shapes.map(({ name }) => name.length));
console.log(`${'shape'.padEnd(width)} | verdict | differences`);
for (const { shape, status, faults: found, announced } of verdicts) {
  const verdict = found.length === 0 ? 'ok     ' : 'FAULT  ';
  const told = status === 'success' ? `none (${announced} lines follow the image)` : `none (${status})`;
  console.log(`${shape.name.padEnd(width)} | ${verdict} | ${found.length === 0 ? told : found.join('; ')}`);
}
for (const fault of faults) console.log(`FAULT on the engine: ${fault}`);
const good = verdicts.filter((verdict) => verdict.faults.length === 0).length;
console.log(
  `${good} of ${verdicts.length} shapes are the same after their update, ${faults.length} faults around them`,
);
process.exitCode = good === verdicts.length && faults.length === 0 ? 0 : 1;
