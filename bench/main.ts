import { benchDetection } from './detection.ts';
import { benchDowntimeClasses } from './downtime-classes.ts';
import { benchMemory } from './memory.ts';
import { benchOneUpdate } from './one-update.ts';
import { benchParallel } from './parallel.ts';

const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  'one-update': benchOneUpdate,
  parallel: benchParallel,
  'downtime-classes': benchDowntimeClasses,
  memory: benchMemory,
  detection: benchDetection,
};

/** `npm run bench [-- NAME…]`: those named, or all. */
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => BENCHES[name] === undefined);
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(1);
}
for (const [name, run] of Object.entries(BENCHES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`── ${name}`);
  await run();
}
