import type { PullHeartbeat } from '../../../contracts/update.ts';

/** One line of the engine's pull stream. */
export interface PullLine {
  id?: string;
  status?: string;
  progressDetail?: { current?: number; total?: number };
  error?: string;
  errorDetail?: { message?: string };
}

/** Adds up a pull's bytes over its layers: downloading counts, extracting doesn't. */
export class PullProgress {
  readonly #layers = new Map<string, { done: number; total: number }>();

  add(line: PullLine): void {
    if (line.id === undefined) return;
    const layer = this.#layers.get(line.id) ?? { done: 0, total: 0 };
    if (line.status === 'Downloading') {
      layer.done = line.progressDetail?.current ?? layer.done;
      layer.total = line.progressDetail?.total ?? layer.total;
    } else if (line.status === 'Download complete' || line.status === 'Pull complete') {
      layer.done = layer.total;
    }
    this.#layers.set(line.id, layer);
  }

  /** Bytes done and known so far. */
  sum(): PullHeartbeat {
    let bytesDone = 0;
    let bytesTotal = 0;
    for (const layer of this.#layers.values()) {
      bytesDone += layer.done;
      bytesTotal += layer.total;
    }
    return { bytesDone, bytesTotal };
  }
}
