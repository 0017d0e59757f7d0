import { log } from '@temporalio/workflow';
import { explainFailure } from './explain-failure.ts';

interface Compensation {
  name: string;
  run: () => Promise<void>;
}

/**
 * What must be undone, last step first. Each is registered before its step, since a step may have done its work and
 * died before it could say so; each looks before it acts.
 */
export class Compensations {
  readonly #registered: Compensation[] = [];

  register(name: string, run: () => Promise<void>): void {
    this.#registered.push({ name, run });
  }

  get isEmpty(): boolean {
    return this.#registered.length === 0;
  }

  /** Undoes all, goes on past failures. @returns what failed, one line each */
  async undoAll(): Promise<string[]> {
    const failures: string[] = [];
    for (const { name, run } of this.#registered.toReversed()) {
      try {
        await run();
      } catch (error) {
        log.error('A compensation failed', { name, error: String(error) });
        failures.push(`${name}: ${explainFailure(error).message}`);
      }
    }
    return failures;
  }
}
