import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { WRITABLE_LAYER_POLICIES, type WritableLayerPolicy } from '../domain/policy/policy-settings.ts';
import type { SettingKey } from './configuration/settings.ts';
import { closeNames } from './output/close-names.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  flags: Partial<Record<SettingKey, string>>;
  configPath: string | undefined;
  url: string | undefined;
  token: string | undefined;
  json: boolean;
}

export interface OnceOptions {
  all: boolean;
  /** Updates of one host at the same time; undefined leaves it to the server. */
  maxParallel: number | undefined;
}

export interface UpdateOptions extends Pick<OnceOptions, 'maxParallel'> {
  wait: boolean;
  force: boolean;
  /** Seconds; undefined leaves it to the server. */
  soak: number | undefined;
  /** A tag or a digest. */
  target: string | undefined;
  /** Undefined leaves it to the container's label. */
  writableLayer: WritableLayerPolicy | undefined;
}

export type PlanOptions = Pick<UpdateOptions, 'target' | 'writableLayer'>;
export type RollbackOptions = Pick<UpdateOptions, 'wait' | 'writableLayer'>;

/** The commands, each answering with its exit code. */
export interface Commands {
  serve(options: GlobalOptions): Promise<number>;
  once(options: GlobalOptions, names: string[], once: OnceOptions): Promise<number>;
  check(options: GlobalOptions, names: string[]): Promise<number>;
  plan(options: GlobalOptions, name: string, plan: PlanOptions): Promise<number>;
  update(options: GlobalOptions, names: string[], update: UpdateOptions): Promise<number>;
  rollback(options: GlobalOptions, nameOrId: string, rollback: RollbackOptions): Promise<number>;
  ps(options: GlobalOptions): Promise<number>;
  history(options: GlobalOptions, name: string | undefined): Promise<number>;
  doctor(options: GlobalOptions): Promise<number>;
  demo(options: GlobalOptions): Promise<number>;
  config(options: GlobalOptions): Promise<number>;
}

/**
 * The command line as a Commander program; the exit code of the command that ran is given to `finish`.
 * Bad arguments end in a `CommanderError` after one message on standard error.
 */
export function commandLine(commands: Commands, finish: (exitCode: number) => void): Command {
  const program = new Command('docker-auto')
    .description('Keeps Docker containers up to date and never makes one worse.')
    .version(readVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--data-dir <folder>', 'folder for everything that Docker-Auto keeps')
    .option('--config <file>', 'configuration file (default: config.yaml in the data directory)')
    .option('--docker-host <address>', 'the Docker engine to manage')
    .option('--port <port>', 'port of the HTTP API')
    .option('--url <address>', 'a server to talk to, such as http://127.0.0.1:8080')
    .addOption(new Option('--token <token>', 'token for that server'))
    .option('--json', 'machine-readable output on standard output', false)
    .exitOverride()
    .showHelpAfterError('(docker-auto --help shows the commands)');

  const add = (usage: string, description: string) =>
    program.command(usage, usage === 'serve' ? { isDefault: true } : {}).description(description);
  const options = () => globalOptions(program.opts());
  const ends = async (run: Promise<number>) => finish(await run);

  add('serve', 'manage this machine’s containers until stopped (the default)')
    .allowExcessArguments()
    .action((_options, command: Command) => {
      const [unknown] = command.args;
      if (unknown !== undefined) refuseCommand(program, unknown);
      return ends(commands.serve(options()));
    });
  add('once [names...]', 'check, then update what policy asks for, or these containers; then end')
    .option('--all', 'every container that is outdated, whatever its policy', false)
    .addOption(maxParallelOption())
    .action((names: string[], { all, maxParallel }: Partial<OnceOptions>) =>
      ends(commands.once(options(), names, { all: all === true, maxParallel })),
    );
  add('check [names...]', 'look for newer images; changes nothing').action((names: string[]) =>
    ends(commands.check(options(), names)),
  );
  add('plan <name>', 'show what an update would do and why; changes nothing')
    .option('--target <tag|digest>', 'the image to move to')
    .addOption(writableLayerOption())
    .action((name: string, { target, writableLayer }: Partial<PlanOptions>) =>
      ends(commands.plan(options(), name, { target, writableLayer })),
    );
  add('update <names...>', 'update these containers')
    .option('--wait', 'wait for the outcome and show the steps', false)
    .option('--force', 'also when nothing is newer, when it is quarantined, or when the container is stopped', false)
    .option('--soak <seconds>', 'how long a healthy successor is watched before the update is final', parseSeconds)
    .option('--target <tag|digest>', 'the image to move to')
    .addOption(writableLayerOption())
    .addOption(maxParallelOption())
    .action((names: string[], { wait, force, ...how }: Partial<UpdateOptions>) => {
      const { soak, target, writableLayer, maxParallel } = how;
      const update = { wait: wait === true, force: force === true, soak, target, writableLayer, maxParallel };
      return ends(commands.update(options(), names, update));
    });
  add('rollback <name|id>', 'back to the image and configuration before an update (by name: the last one)')
    .option('--wait', 'wait for the outcome and show the steps', false)
    .addOption(writableLayerOption())
    .action((nameOrId: string, { wait, writableLayer }: Partial<RollbackOptions>) =>
      ends(commands.rollback(options(), nameOrId, { wait: wait === true, writableLayer })),
    );
  add('ps', 'list the containers').action(() => ends(commands.ps(options())));
  add('history [name]', 'list past updates').action((name: string | undefined) =>
    ends(commands.history(options(), name)),
  );
  add('doctor', 'say what is there, what is missing and how to mend it').action(() => ends(commands.doctor(options())));
  add('demo', 'run the sample stack in a sandbox and check every outcome').action(() => ends(commands.demo(options())));
  add('config', 'print the settings in force and where they came from').action(() => ends(commands.config(options())));
  return program;
}

function writableLayerOption(): Option {
  return new Option(
    '--writable-layer <policy>',
    'what becomes of files outside its volumes: say what is lost, take them along, or refuse to lose any',
  ).choices(WRITABLE_LAYER_POLICIES);
}

function maxParallelOption(): Option {
  return new Option(
    '--max-parallel <number>',
    'how many of several updates run at the same time on one host (default: UPDATE_MAX_PARALLEL)',
  ).argParser(parseMaxParallel);
}

function refuseCommand(program: Command, unknown: string): never {
  const known = program.commands.map((command) => command.name());
  const [close] = closeNames(unknown, known);
  program.error(`error: unknown command '${unknown}'${close === undefined ? '' : `; did you mean '${close}'?`}`);
}

function globalOptions(given: Record<string, unknown>): GlobalOptions {
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : undefined);
  const settings = { DATA_DIR: text('dataDir'), DOCKER_HOST: text('dockerHost'), PORT: text('port') };
  const flags = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  return { flags, configPath: text('config'), url: text('url'), token: text('token'), json: given.json === true };
}

function parseSeconds(given: string): number {
  if (!/^\d+$/.test(given) || Number(given) > 86_400) {
    throw new InvalidArgumentError('It must be a whole number of seconds from 0 to 86400.');
  }
  return Number(given);
}

function parseMaxParallel(given: string): number {
  if (!/^\d+$/.test(given) || Number(given) < 1 || Number(given) > 100) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 100.');
  }
  return Number(given);
}

function readVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return manifest.version;
}
