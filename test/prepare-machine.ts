import os from 'node:os';
import path from 'node:path';
import { ensureDebianPackages } from '../embedded/debian-packages.ts';
import { ensureSandboxPrograms } from '../embedded/sandbox-programs.ts';
import { findTemporalCli } from '../embedded/temporal-cli.ts';

/**
 * Brings what the suites with real parts need onto this machine, once for all of them: they run side by side, and none
 * may install or build while another starts. The last line of the output is the path of Temporal's command line.
 */
const notice = (line: string): void => console.error(line);
await ensureSandboxPrograms(notice);
await ensureDebianPackages({ packages: ['openssl'], notice });
// The same cache that `npm start` uses, so that it is built once for both.
console.log(
  await findTemporalCli({ cacheDirectory: path.join(os.homedir(), '.docker-auto', 'cache'), env: process.env, notice }),
);
