import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findTemporalCli } from '../../embedded/temporal-cli.ts';

/** Port 9 is "discard": nothing answers there. */
const NOWHERE = 'http://127.0.0.1:9';
const WORKING = '#!/bin/sh\necho temporal version 0.0.1 from $0\n';

let directory: string;
let cacheDirectory: string;
let bin: string;
let notices: string[];

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'docker-auto-test-cli-'));
  cacheDirectory = path.join(directory, 'cache');
  bin = path.join(directory, 'bin');
  mkdirSync(bin);
  notices = [];
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function program(file: string, text: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

function find(env: NodeJS.ProcessEnv): Promise<string> {
  return findTemporalCli({ cacheDirectory, env, notice: (line) => notices.push(line), downloadHost: NOWHERE });
}

describe('the Temporal CLI', () => {
  it('is the one that TEMPORAL_CLI names, before all others', async () => {
    const named = program(path.join(directory, 'mine'), WORKING);
    program(path.join(bin, 'temporal'), WORKING);
    expect(await find({ TEMPORAL_CLI: named, PATH: bin })).toBe(named);
  });

  it('is never replaced by another when TEMPORAL_CLI is wrong', async () => {
    program(path.join(bin, 'temporal'), WORKING);
    const missing = find({ TEMPORAL_CLI: '/no/such/temporal', PATH: bin });
    await expect(missing).rejects.toThrow('TEMPORAL_CLI names /no/such/temporal, which is missing or not executable');
    const other = program(path.join(directory, 'other'), '#!/bin/sh\necho something else\n');
    await expect(find({ TEMPORAL_CLI: other, PATH: bin })).rejects.toThrow('is no Temporal CLI');
  });

  it('is the one on PATH, then the one in the cache', async () => {
    const cached = program(path.join(cacheDirectory, 'temporal'), WORKING);
    expect(await find({ PATH: bin })).toBe(cached);
    const onPath = program(path.join(bin, 'temporal'), WORKING);
    expect(await find({ PATH: bin })).toBe(onPath);
  });

  it('is passed over where it does not run', async () => {
    program(path.join(bin, 'temporal'), '#!/bin/sh\nexit 1\n');
    const cached = program(path.join(cacheDirectory, 'temporal'), WORKING);
    expect(await find({ PATH: bin })).toBe(cached);
  });

  it('is built with Go where nothing else works, and found in the cache from then on', async () => {
    const script = `#!/bin/sh\ncat > "$GOBIN/temporal" <<'END'\n${WORKING}END\nchmod +x "$GOBIN/temporal"\n`;
    program(path.join(bin, 'go'), script);
    const env = { PATH: `${bin}:/usr/bin:/bin` };
    expect(await find(env)).toBe(path.join(cacheDirectory, 'temporal'));
    expect(notices.join('\n')).toMatch(/Building the Temporal server with Go, once: this takes about three minutes/);
    notices = [];
    expect(await find(env)).toBe(path.join(cacheDirectory, 'temporal'));
    expect(notices).toEqual([]);
  });

  it('that can not be had is an error with each way, why it failed and what to do, and leaves nothing behind', async () => {
    program(path.join(bin, 'go'), '#!/bin/sh\necho no module today >&2\nexit 1\n');
    const failure = await find({ PATH: bin }).catch((error: unknown) => String(error));
    expect(failure).toContain('temporal on PATH: not there');
    expect(failure).toContain(`${path.join(cacheDirectory, 'temporal')}: is missing or not executable`);
    expect(failure).toContain(`download from ${NOWHERE}: not reachable within 5 s`);
    expect(failure).toMatch(/build with Go: .*no module today/);
    expect(failure).toMatch(/set TEMPORAL_CLI .* set TEMPORAL_ADDRESS .* install Go/);
    expect(readdirSync(cacheDirectory)).toEqual([]);
  });
});
