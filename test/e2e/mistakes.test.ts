import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endCommands, linesOf, runCommand, type Surroundings } from './command-line.ts';

let directory: string;
let surroundings: Surroundings;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-mistakes-'));
  surroundings = { dataDirectory: path.join(directory, 'data'), dockerHost: 'unix:///nonexistent.sock' };
});

afterAll(async () => {
  await endCommands();
  await rm(directory, { recursive: true, force: true });
});

describe('a mistake', () => {
  const mistakes: Array<{ what: string; args: string[]; env?: Record<string, string>; says: RegExp }> = [
    {
      what: 'in an option',
      args: ['update', 'web', '--soak', 'x'],
      says: /--soak.*'x'.*whole number of seconds from 0 to 86400/,
    },
    {
      what: 'in the environment',
      args: ['ps'],
      env: { PORT: 'abc' },
      says: /^PORT is "abc" \(environment\); allowed: a whole number from 0 to 65535\.$/,
    },
    {
      what: 'in a command line setting',
      args: ['ps', '--port', '99999'],
      says: /^PORT is "99999" \(command line\); allowed:/,
    },
    {
      what: 'in the engine’s address',
      args: ['ps', '--docker-host', 'nonsense'],
      says: /^DOCKER_HOST is "nonsense" .*allowed: unix:/,
    },
    { what: 'in the address of a server', args: ['ps', '--url', 'foo'], says: /^--url is "foo"; allowed: http:/ },
    {
      what: 'in a secret, which is not shown,',
      args: ['ps'],
      env: { API_TOKEN: 'short' },
      says: /^API_TOKEN is \*{8} \(environment\); allowed: at least 16/,
    },
    { what: 'in a command’s name', args: ['updte', 'web'], says: /unknown command 'updte'; did you mean 'update'/ },
    { what: 'in the number of names', args: ['plan'], says: /missing required argument 'name'/ },
    { what: 'in an option’s name', args: ['ps', '--loud'], says: /unknown option '--loud'/ },
    {
      what: 'in the configuration file’s path',
      args: ['ps', '--config', '/no/such/file'],
      says: /--config is "\/no\/such\/file", and there is no such file/,
    },
  ];

  it.each(mistakes)(
    '$what is told in one line that names it and what is allowed, and ends with 1 before anything is started',
    async ({ args, env = {}, says }) => {
      const { exitCode, stdout, stderr } = await runCommand({ ...surroundings, env }, ...args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      const [line, ...more] = linesOf(stderr);
      expect(line).toMatch(says);
      expect(more.filter((each) => each !== '(docker-auto --help shows the commands)')).toEqual([]);
      expect(existsSync(surroundings.dataDirectory)).toBe(false);
    },
  );
});
