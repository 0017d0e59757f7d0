import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadConfiguration } from '../cli/configuration.ts';
import { startProgram } from '../cli/program/start-program.ts';

/** The program as `serve` runs it, which on SIGUSR2 collects its garbage and writes down how much memory it has. */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const { configuration } = loadConfiguration({
  flags: {},
  env: process.env,
  readFile: (file) => (existsSync(file) ? readFileSync(file, 'utf8') : null),
});
const program = await startProgram({
  configuration,
  notice: (line) => process.stdout.write(`${line}\n`),
  engine: 'configured',
});
process.on('SIGUSR2', () => {
  collect();
  const file = path.join(configuration.dataDir, 'memory.json');
  writeFileSync(`${file}.part`, JSON.stringify(process.memoryUsage()));
  renameSync(`${file}.part`, file);
});
process.once('SIGTERM', () => void program.stop().then(() => process.exit(0)));
