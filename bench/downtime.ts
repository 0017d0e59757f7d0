import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Runs something while a port is probed. @returns the longest time without an answer, in milliseconds */
export async function downtimeOf(port: number, run: () => Promise<void>): Promise<number> {
  const probe = fork(fileURLToPath(new URL('./probe.ts', import.meta.url)), [String(port)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  try {
    await once(probe, 'message');
    await run();
    // The probe must see the port answer again before it is asked.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const answer = once(probe, 'message');
    probe.send('stop');
    const [longest] = (await answer) as [number];
    return longest;
  } finally {
    probe.kill();
  }
}
