import { existsSync, readFileSync } from 'node:fs';
import { loadConfiguration } from '../../cli/configuration.ts';
import { startProgram } from '../../cli/program/start-program.ts';
import { PausePoints } from './pauses.ts';

/** The program as `serve` runs it, but standing still where the drill wants to kill something. */
const { configuration } = loadConfiguration({
  flags: {},
  env: process.env,
  readFile: (file) => (existsSync(file) ? readFileSync(file, 'utf8') : null),
});
const points = new PausePoints(configuration.dataDir);
const program = await startProgram({
  configuration,
  notice: (line) => process.stdout.write(`${line}\n`),
  engine: 'configured',
  instruments: { aroundActivity: points.aroundActivity, aroundEngine: points.aroundEngine },
});
process.once('SIGTERM', () => void program.stop().then(() => process.exit(0)));
