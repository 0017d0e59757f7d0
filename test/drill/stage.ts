import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { signalProcess } from '../../embedded/run-record.ts';
import { type ProgramProcess, startProgramProcess } from '../rig/program-process.ts';
import { pull } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';
import { mountSmallDisk, type SmallDisk } from '../rig/small-disk.ts';
import { ImagePress, USERLAND } from './image-press.ts';
import { PauseOrders } from './pauses.ts';

/** What everything that the drill starts is told otherwise than by default. */
const ENVIRONMENT = {
  UPDATE_SOAK_SECONDS: '1',
  // Updates that stand still in the middle of their swap must not hold up the others.
  UPDATE_MAX_SWAPPING: '100',
};

export interface StageOptions {
  /** Puts the engine's data onto a disk of that size. */
  diskMegabytes?: number;
}

export type Server = 'postgres' | 'temporal';

/** Everything that can die in a drill: engine, registry, and the whole program with its servers. */
export class Stage {
  readonly sandbox: Sandbox;
  readonly press: ImagePress;
  readonly orders: PauseOrders;
  /** The small disk that the engine's data are on, where there is one. */
  readonly disk: SmallDisk | null;
  readonly #dataDirectory: string;
  readonly #killed = new Map<Server, number>();
  #program: ProgramProcess | null = null;
  /** What earlier, killed programs printed. */
  #printed = '';

  private constructor(sandbox: Sandbox, press: ImagePress, dataDirectory: string, disk: SmallDisk | null) {
    this.sandbox = sandbox;
    this.press = press;
    this.disk = disk;
    this.#dataDirectory = dataDirectory;
    this.orders = new PauseOrders(dataDirectory);
  }

  static async open(options: StageOptions = {}): Promise<Stage> {
    const disk = options.diskMegabytes === undefined ? null : await mountSmallDisk('drill-disk', options.diskMegabytes);
    const sandbox = await startSandbox('drill', disk === null ? {} : { engineDirectory: disk.directory });
    const dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-drill-'));
    await sandbox.publish(USERLAND, []);
    await pull(sandbox.docker, `${sandbox.registryHost}/${USERLAND}`);
    const stage = new Stage(sandbox, await ImagePress.open(sandbox), dataDirectory, disk);
    try {
      await stage.startProgram();
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  get program(): ProgramProcess {
    if (this.#program === null) throw new Error('the program is not running; the drill killed it');
    return this.#program;
  }

  async startProgram(): Promise<void> {
    this.#program = await startProgramProcess({
      dataDirectory: this.#dataDirectory,
      dockerHost: this.sandbox.dockerHost,
      script: 'test/drill/serve-with-pauses.ts',
      env: ENVIRONMENT,
    });
  }

  async killProgram(): Promise<void> {
    const killed = this.#program;
    this.#program = null;
    await killed?.kill();
    this.#printed += killed?.output() ?? '';
  }

  /** kill -9 of one of the program's own servers. */
  killServer(server: Server): void {
    const pid = this.#serverPid(server);
    if (pid === null) throw new Error(`${server} is not running; the drill can't kill it`);
    this.#killed.set(server, pid);
    process.kill(pid, 'SIGKILL');
  }

  /** Whether the program's supervision has started it anew since it was killed. */
  isServerBack(server: Server): boolean {
    const pid = this.#serverPid(server);
    return pid !== null && pid !== this.#killed.get(server);
  }

  /** A program that was killed, and not started again, leaves its servers running. */
  #endLeftover(server: Server): void {
    const pid = this.#serverPid(server);
    if (pid !== null) signalProcess(pid, 'SIGKILL');
  }

  /** As the program has recorded it; null between its lives. */
  #serverPid(server: Server): number | null {
    try {
      const file = path.join(this.#dataDirectory, 'run', `${server}.json`);
      return (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;
    } catch {
      // The record is being written anew: the server is between two lives.
      return null;
    }
  }

  /** Everything that the program printed in all its lives. */
  printed(): string {
    return this.#printed + (this.#program?.output() ?? '');
  }

  async close(): Promise<void> {
    await this.#program?.stop();
    for (const server of ['postgres', 'temporal'] as const) this.#endLeftover(server);
    await this.sandbox.destroy();
    await this.disk?.remove();
    await rm(this.#dataDirectory, { recursive: true, force: true });
  }
}
