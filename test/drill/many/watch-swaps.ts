import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { parseSwapName } from '../../../domain/swap-names.ts';

export interface SwapWatch {
  /** Ends the watch. @returns how many containers were being swapped at most, and in how many looks */
  stop(): Promise<{ most: number; looks: number }>;
}

const EVERY_MS = 60;

/** Counts the containers that an engine has under the names of a swap, again and again. */
export function watchSwaps(docker: Docker): SwapWatch {
  let going = true;
  let most = 0;
  let looks = 0;
  const watching = (async () => {
    while (going) {
      const containers = await docker.listContainers({ all: true });
      const swapped = new Set(
        containers.flatMap(({ Names }) => parseSwapName((Names[0] ?? '').slice(1))?.containerName ?? []),
      );
      most = Math.max(most, swapped.size);
      looks += 1;
      await delay(EVERY_MS);
    }
  })();
  return {
    async stop() {
      going = false;
      await watching;
      return { most, looks };
    },
  };
}
