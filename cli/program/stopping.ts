/** What must be stopped, last started first; a failure is told and the rest goes on. */
export class Stopping {
  readonly #steps: Array<{ name: string; stop: () => Promise<void> }> = [];
  readonly #log: (line: string) => void;
  #stopped: Promise<void> | null = null;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  add(name: string, stop: () => Promise<void>): void {
    this.#steps.push({ name, stop });
  }

  /** Stops everything once; asking again waits for the same end. */
  stopAll(): Promise<void> {
    this.#stopped ??= this.#run();
    return this.#stopped;
  }

  async #run(): Promise<void> {
    for (const { name, stop } of this.#steps.toReversed()) {
      try {
        await stop();
      } catch (error) {
        this.#log(`${name} did not stop cleanly: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
