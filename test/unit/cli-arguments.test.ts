import { describe, expect, it } from '@jest/globals';
import { CommanderError } from 'commander';
import { type Commands, commandLine } from '../../cli/arguments.ts';

/** Parses a command line and tells which command would run with what, or what was said about a bad one. */
async function parse(...argv: string[]) {
  const called: unknown[] = [];
  const said: string[] = [];
  const exitCodes: number[] = [];
  const commands = new Proxy({} as Commands, {
    get:
      (_target, name) =>
      async (...given: unknown[]) => {
        called.push(name, ...given);
        return 7;
      },
  });
  const program = commandLine(commands, (code) => exitCodes.push(code));
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .configureOutput({ writeErr: (text) => said.push(text), writeOut: (text) => said.push(text) });
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return { called, exitCode: exitCodes[0], said: said.join('') };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { called, exitCode: error.exitCode, said: said.join('') };
  }
}

const NOTHING = { flags: {}, configPath: undefined, url: undefined, token: undefined, json: false };

describe('the command line', () => {
  it('serves when no command is given, and hands back the exit code of what ran', async () => {
    expect(await parse()).toMatchObject({ called: ['serve', NOTHING], exitCode: 7 });
    expect(await parse('--port', '81')).toMatchObject({ called: ['serve', { ...NOTHING, flags: { PORT: '81' } }] });
  });

  it('takes the options of every command before and after its name', async () => {
    const expected = ['ps', { ...NOTHING, json: true, url: 'http://h:1', flags: { DATA_DIR: '/d' } }];
    expect((await parse('--json', '--url', 'http://h:1', 'ps', '--data-dir', '/d')).called).toEqual(expected);
    expect((await parse('ps', '--data-dir', '/d', '--url', 'http://h:1', '--json')).called).toEqual(expected);
  });

  it('passes the names and options of an update on', async () => {
    const { called } = await parse('update', 'web', 'db', '--wait', '--force', '--soak', '0', '--target', '1.26');
    expect(called).toEqual([
      'update',
      NOTHING,
      ['web', 'db'],
      { wait: true, force: true, soak: 0, target: '1.26', writableLayer: undefined },
    ]);
  });

  it('passes on how many are to be updated at the same time', async () => {
    expect((await parse('once', '--all', '--max-parallel', '4')).called).toEqual([
      'once',
      NOTHING,
      [],
      { all: true, maxParallel: 4 },
    ]);
    expect((await parse('update', 'a', 'b', '--max-parallel', '100')).called.at(-1)).toMatchObject({
      maxParallel: 100,
    });
    for (const bad of ['0', '101', 'all']) {
      const { called, said } = await parse('update', 'a', 'b', '--max-parallel', bad);
      expect({ called, said }).toEqual({ called: [], said: expect.stringContaining('from 1 to 100') });
    }
  });

  it.each([
    [['updat', 'web'], "unknown command 'updat'; did you mean 'update'?"],
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['update'], "missing required argument 'names'"],
    [['plan'], "missing required argument 'name'"],
    [['plan', 'a', 'b'], 'too many arguments'],
    [['ps', '--loud'], "unknown option '--loud'"],
    [['update', 'web', '--soak', 'long'], 'whole number of seconds from 0 to 86400'],
    [['update', 'web', '--soak', '-1'], 'whole number of seconds'],
    [['--port'], 'argument missing'],
  ])('refuses %j in one message with exit code 1 and runs nothing', async (argv, message) => {
    const { called, exitCode, said } = await parse(...argv);
    expect(said).toContain(message);
    expect({ called, exitCode }).toEqual({ called: [], exitCode: 1 });
  });

  it('prints version and help with exit code 0', async () => {
    expect(await parse('--version')).toMatchObject({ said: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), exitCode: 0 });
    expect(await parse('--help')).toMatchObject({ said: expect.stringContaining('rollback'), exitCode: 0 });
  });
});
